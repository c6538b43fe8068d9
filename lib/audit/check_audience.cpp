#include <algorithm>

#include "jwtdomain/accept/claims.h"
#include "jwtdomain/audit/check_parts.h"
#include "jwtdomain/audit/list_problem.h"

namespace jwtdomain::audit::detail {
namespace {

using accept::AudienceComparison;
using accept::AudienceRule;
using accept::ClaimRule;
using accept::ClaimTest;
using accept::Strings;

Strings expanded(Strings strings, AudienceComparison comparison) {
    if (comparison == AudienceComparison::exact) return strings;
    std::vector<std::string> exact;
    for (const std::string& value : strings.exact) {
        for (std::string& variant : accept::audience_variants(value, comparison)) exact.push_back(std::move(variant));
    }
    strings.exact = std::move(exact);
    return strings;
}

Strings only(std::vector<std::string> words) {
    Strings out;
    out.exact = std::move(words);
    return out;
}

// What the path asks of the values of `aud`, wherever it says so: languages by value, since the problem refers to them.
struct Wishes {
    std::vector<Strings> every, some;
    bool single = false, absent_ok = true, present_ok = true, empty_list_ok = true;
    bool unclear = false;
};

Wishes wishes_of(const AudienceRule& rule) {
    Wishes out;
    if (rule.any) return out;
    if (rule.must_be_absent) {
        out.present_ok = false;
        return out;
    }
    out.absent_ok = rule.absent_ok;
    out.empty_list_ok = rule.empty_ok;
    out.single = rule.string_only;
    if (!rule.any_of.any && !rule.any_of.empty()) out.some.push_back(expanded(rule.any_of, rule.comparison));
    for (const std::string& value : rule.all_of) out.some.push_back(expanded(only({value}), rule.comparison));
    if (rule.subset_of) out.every.push_back(expanded(only(*rule.subset_of), rule.comparison));
    return out;
}

Wishes wishes_of(const accept::Path& path) {
    Wishes out = wishes_of(path.audience);
    for (const ClaimRule& claim : path.claims) {
        if (claim.path != std::vector<std::string>{"aud"}) continue;
        if (!claim.absent_ok && claim.test != ClaimTest::absent) out.absent_ok = false;
        switch (claim.test) {
        case ClaimTest::present: break;
        case ClaimTest::absent: out.present_ok = false; break;
        case ClaimTest::in:
            out.single = true;
            out.every.push_back(claim.values);
            break;
        case ClaimTest::has_any:
            out.some.push_back(claim.values);
            out.empty_list_ok = false;
            break;
        case ClaimTest::has_all:
            for (const std::string& value : claim.values.exact) out.some.push_back(only({value}));
            out.empty_list_ok = false;
            break;
        case ClaimTest::all_in: out.every.push_back(claim.values); break;
        }
        if (claim.shape == accept::ClaimShape::words) out.unclear = true;
    }
    return out;
}

ListProblem problem_of(const Wishes& wishes, const Strings& minted, const Outside& outside,
                       std::vector<std::vector<std::string>>& storage) {
    ListProblem list;
    list.every.push_back(&minted);
    for (const Strings& each : wishes.every) list.every.push_back(&each);
    for (const Strings& each : wishes.some) list.some.push_back(&each);
    for (const std::string& value : outside.audience_other_than) storage.push_back({value});
    for (const auto& words : storage) list.beyond.push_back(&words);
    list.single = wishes.single;
    return list;
}

// Values of `aud`; an empty one alone does not count as one.
ListAnswer solve_values(const Wishes& wishes, const Strings& minted, const Outside& outside, bool empty_ok) {
    std::vector<std::vector<std::string>> storage;
    ListProblem list = problem_of(wishes, minted, outside, storage);
    if (empty_ok) return solve(list);
    list.never = {""};
    ListAnswer answer = solve(list);
    if (answer.overlap != Overlap::none) return answer;
    list.never.clear();
    if (solve(list).overlap == Overlap::none) return answer;
    return {.overlap = Overlap::unknown, .why = "only the empty audience would fit"};
}

std::string asked_for(const accept::Path& path) {
    const AudienceRule& rule = path.audience;
    std::string out;
    const auto say = [&](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
    if (rule.must_be_absent) return "no aud";
    if (!rule.any && !rule.any_of.any && !rule.any_of.empty()) say("one of " + text_of(rule.any_of));
    if (!rule.all_of.empty()) say("all of " + text_of(rule.all_of));
    if (rule.subset_of && out.empty()) say("nothing but " + text_of(*rule.subset_of));
    if (rule.string_only) say("a single string");
    return out.empty() ? "other values" : out;
}

// `aud` is absent, and so is whatever would stand in for it: neither issuer nor path asks for that.
bool nothing_stands_in(const Problem& problem) {
    const auto& names = problem.path.audience.fallback_claims;
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        const std::vector<std::string> path{name};
        const ClaimBound bound = problem.tokens.bound(path);
        const auto& rules = problem.path.claims;
        return (!bound.minted || bound.absent_ok) &&
               (name != problem.tokens.scope_claim || problem.outside.scope_beyond.empty()) &&
               std::all_of(rules.begin(), rules.end(), [&](const ClaimRule& rule) {
                   return rule.path.front() != name || rule.absent_ok || rule.test == ClaimTest::absent;
               });
    });
}

// `aud` is absent, and the first claim of the list that is there is read in its place. Rules on the claim `aud` say
// nothing of it; and a token without aud is outside of every trust edge.
void check_fallback(const Problem& problem, std::vector<ClaimRule>& further) {
    const AudienceRule& rule = problem.path.audience;
    const Wishes wishes = wishes_of(rule);
    std::vector<std::size_t> possible;
    for (std::size_t i = 0; i < rule.fallback_claims.size(); ++i) {
        const ClaimBound bound = problem.tokens.bound({rule.fallback_claims[i]});
        if (!bound.minted) continue;
        const ListAnswer answer = solve_values(wishes, bound.values, {}, rule.empty_ok);
        if (bound.words || answer.overlap != Overlap::none) possible.push_back(i);
    }
    if (possible.empty())
        return problem.separate(Field::audience, text_of(problem.tokens.audiences), asked_for(problem.path));
    if (possible.size() > 1 || possible.front() > 0)
        return problem.doubt(Field::audience, "several claims may stand in for aud");
    const auto ask = [&](ClaimTest test, Strings values) {
        ClaimRule claim;
        claim.path = {rule.fallback_claims.front()};
        claim.shape = accept::ClaimShape::list;
        claim.test = test;
        claim.values = std::move(values);
        further.push_back(std::move(claim));
    };
    for (const Strings& values : wishes.some) ask(ClaimTest::has_any, values);
    for (const Strings& values : wishes.every) ask(ClaimTest::all_in, values);
    if (wishes.some.empty() && wishes.every.empty()) ask(ClaimTest::present, {});
}

} // namespace

void check_audience(const Problem& problem, std::vector<ClaimRule>& further) {
    const Mintable& tokens = problem.tokens;
    const AudienceRule& rule = problem.path.audience;
    const Wishes wishes = wishes_of(problem.path);
    if (wishes.unclear) return problem.doubt(Field::audience, "aud is also read as words");
    ListAnswer answer;
    if (wishes.present_ok) answer = solve_values(wishes, tokens.audiences, problem.outside, rule.any || rule.empty_ok);
    if (answer.overlap == Overlap::some) {
        const bool asked = !wishes.some.empty() || !wishes.every.empty();
        if (asked && tokens.audiences.any && !tokens.described)
            problem.out.assumed.push_back("that its issuer gives tokens with aud " + text_of(answer.members));
        problem.out.token.audiences = std::move(answer.members);
        // A token that need not name an audience is the smaller one.
        if (!(wishes.absent_ok && tokens.audience_absent_ok && nothing_stands_in(problem))) return;
        problem.out.token.audiences.reset();
        return;
    }
    if (wishes.absent_ok && tokens.audience_absent_ok) {
        // Without aud, what stands in for it must not be there either: such tokens need not have it.
        problem.out.token.audiences.reset();
        return;
    }
    if (wishes.present_ok && wishes.empty_list_ok && (rule.any || rule.empty_ok) &&
        (tokens.free || tokens.audience_absent_ok)) {
        problem.out.token.audiences = std::vector<std::string>{};
        return;
    }
    if (answer.overlap == Overlap::unknown) return problem.doubt(Field::audience, answer.why);
    if (!rule.any && !rule.must_be_absent && !rule.fallback_claims.empty() && tokens.audience_absent_ok)
        return check_fallback(problem, further);
    problem.separate(Field::audience, tokens.audiences.any ? "any" : text_of(tokens.audiences),
                     asked_for(problem.path));
}

} // namespace jwtdomain::audit::detail
