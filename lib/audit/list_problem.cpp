#include "jwtdomain/audit/list_problem.h"

#include <algorithm>

namespace jwtdomain::audit::detail {
namespace {

std::vector<const accept::Strings*> with(std::vector<const accept::Strings*> languages, const accept::Strings* one) {
    languages.push_back(one);
    return languages;
}

std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

bool among(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

ListAnswer solve_single(const ListProblem& problem) {
    std::vector<const accept::Strings*> languages = problem.every;
    languages.insert(languages.end(), problem.some.begin(), problem.some.end());
    std::vector<std::string> excluded = problem.never;
    for (const auto* words : problem.beyond) excluded = with(std::move(excluded), *words);
    CommonWord found = common_word(languages, excluded);
    return {found.overlap, {std::move(found.word)}, std::move(found.why)};
}

// A member that was found for one wish may be needless beside one that was found for a later wish.
void drop_needless(const ListProblem& problem, std::vector<std::string>& members) {
    const auto enough = [&](const std::vector<std::string>& some) {
        return std::all_of(problem.some.begin(), problem.some.end(),
                           [&](const accept::Strings* wanted) {
                               return std::any_of(some.begin(), some.end(),
                                                  [&](const std::string& m) { return wanted->contains(m); });
                           }) &&
               std::all_of(problem.beyond.begin(), problem.beyond.end(), [&](const std::vector<std::string>* words) {
                   return std::any_of(some.begin(), some.end(),
                                      [&](const std::string& m) { return !among(*words, m); });
               });
    };
    for (std::size_t i = 0; members.size() > 1 && i < members.size();) {
        std::vector<std::string> fewer = members;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        if (enough(fewer))
            members = std::move(fewer);
        else
            ++i;
    }
}

} // namespace

ListAnswer solve(const ListProblem& problem) {
    if (problem.single) return solve_single(problem);
    ListAnswer out{.overlap = Overlap::some};
    // `none` is certain whatever else is unknown, so the search goes on after an unknown.
    const auto add = [&](const std::vector<const accept::Strings*>& languages,
                         const std::vector<std::string>& excluded) {
        CommonWord found = common_word(languages, excluded);
        switch (found.overlap) {
        case Overlap::some: out.members.push_back(std::move(found.word)); break;
        case Overlap::none: out.overlap = Overlap::none; break;
        case Overlap::unknown:
            out.overlap = Overlap::unknown;
            out.why = std::move(found.why);
            break;
        }
        return out.overlap != Overlap::none;
    };
    for (const accept::Strings* wanted : problem.some) {
        const bool there = std::any_of(out.members.begin(), out.members.end(),
                                       [&](const std::string& m) { return wanted->contains(m); });
        if (!there && !add(with(problem.every, wanted), problem.never)) return {};
    }
    for (const auto* words : problem.beyond) {
        const bool there = std::any_of(out.members.begin(), out.members.end(),
                                       [&](const std::string& m) { return !among(*words, m); });
        if (!there && !add(problem.every, with(problem.never, *words))) return {};
    }
    if (out.overlap == Overlap::some && out.members.empty() && !add(problem.every, problem.never)) return {};
    drop_needless(problem, out.members);
    return out;
}

} // namespace jwtdomain::audit::detail
