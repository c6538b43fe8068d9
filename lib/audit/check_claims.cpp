#include <algorithm>
#include <map>
#include <set>

#include "jwtdomain/audit/check_parts.h"
#include "jwtdomain/audit/list_problem.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::audit::detail {
namespace {

using accept::ClaimRule;
using accept::ClaimShape;
using accept::ClaimTest;
using accept::Strings;

using ClaimPath = std::vector<std::string>;

// All that is asked of one claim.
struct Group {
    std::vector<const ClaimRule*> rules;
    std::vector<const std::vector<std::string>*> beyond; // for each: a word that is not among these
};

bool is_time(const ClaimPath& path) {
    return path.size() == 1 && (path.front() == "exp" || path.front() == "iat" || path.front() == "nbf");
}
bool has_its_own_check(const ClaimPath& path) {
    return path.size() == 1 && (path.front() == "iss" || path.front() == "aud");
}

class ClaimCheck {
public:
    ClaimCheck(const Problem& problem, const ClaimPath& path, const Group& group)
        : problem_(problem), path_(path), name_(policy::format_claim_path(path)), group_(group),
          bound_(problem.tokens.bound(path)) {}

    void run() {
        if (is_time(path_)) return check_time_claim();
        const bool wants_absent = any_rule([](const ClaimRule& r) { return r.test == ClaimTest::absent; });
        const bool absent_ok = all_rules([](const ClaimRule& r) { return r.test == ClaimTest::absent || r.absent_ok; });
        const bool may_be_absent = !bound_.minted || bound_.absent_ok;
        if (absent_ok && may_be_absent && group_.beyond.empty()) return; // the smallest token does not have it
        if (!bound_.minted) return separate("never there");
        if (wants_absent) return separate("always there");
        if (is_one_text())
            solve_scalar();
        else
            solve_list();
    }

private:
    template <class Test> bool any_rule(Test test) const {
        return std::any_of(group_.rules.begin(), group_.rules.end(), [&](const ClaimRule* r) { return test(*r); });
    }
    template <class Test> bool all_rules(Test test) const {
        return std::all_of(group_.rules.begin(), group_.rules.end(), [&](const ClaimRule* r) { return test(*r); });
    }

    void separate(std::string left) const { problem_.separate(Field::claim, std::move(left), asked_for(), name_); }

    std::string asked_for() const {
        std::string out;
        for (const ClaimRule* rule : group_.rules) out += (out.empty() ? "" : ", and ") + text_of(*rule);
        if (!group_.beyond.empty()) out += out.empty() ? "more than is declared" : ", and more than is declared";
        return out;
    }

    void check_time_claim() const {
        if (all_rules([](const ClaimRule& r) { return r.test == ClaimTest::present; }))
            return problem_.out.token.claims.push_back({.path = path_, .values = {}});
        problem_.doubt(Field::claim, "a time is compared as a text", name_);
    }

    void accept(std::vector<std::string> values, bool list) const {
        const bool compared =
            any_rule([](const ClaimRule& r) { return r.test != ClaimTest::present || r.path.size() > 1; });
        if (compared && bound_.values.any && !problem_.tokens.described && !problem_.tokens.free)
            problem_.out.assumed.push_back("that its issuer gives tokens with " + name_ + " " + text_of(values));
        problem_.out.token.claims.push_back({.path = path_, .values = std::move(values), .list = list});
    }

    void conclude(ListAnswer answer, bool list) const {
        switch (answer.overlap) {
        case Overlap::some: return accept(std::move(answer.members), list);
        case Overlap::unknown: return problem_.doubt(Field::claim, answer.why, name_);
        case Overlap::none:
            if (read_otherwise())
                return problem_.doubt(Field::claim, "it is read both as one text and as words", name_);
            return separate(bound_.values.any ? "any" : text_of(bound_.values));
        }
    }

    // Words that are minted as one text and compared as one, or one text, which may have several words, read as words.
    bool read_otherwise() const {
        const bool words = any_rule([](const ClaimRule& r) { return r.shape == ClaimShape::words; });
        const bool whole = any_rule([](const ClaimRule& r) {
            return r.shape != ClaimShape::words && r.test != ClaimTest::present && r.test != ClaimTest::absent;
        });
        const auto& values = bound_.values;
        const bool spaced = !values.patterns.empty() ||
                            std::any_of(values.exact.begin(), values.exact.end(),
                                        [](const std::string& value) { return value.find(' ') != std::string::npos; });
        return (whole && (words || bound_.words)) || (words && (is_one_text() || spaced));
    }

    bool is_one_text() const {
        return bound_.fixed || any_rule([](const ClaimRule& r) { return r.test == ClaimTest::in; });
    }

    // Languages that every member is in, or that some member is in.
    ListProblem problem_of(std::vector<Strings>& storage) const {
        ListProblem list;
        list.every.push_back(&bound_.values);
        for (const ClaimRule* rule : group_.rules) {
            switch (rule->test) {
            case ClaimTest::present:
            case ClaimTest::absent: break;
            case ClaimTest::in:
            case ClaimTest::all_in: list.every.push_back(&rule->values); break;
            case ClaimTest::has_any: list.some.push_back(&rule->values); break;
            case ClaimTest::has_all:
                for (const std::string& value : rule->values.exact) {
                    Strings one;
                    one.exact = {value};
                    storage.push_back(std::move(one));
                }
                break;
            }
        }
        for (const Strings& one : storage) list.some.push_back(&one);
        list.beyond = group_.beyond;
        return list;
    }

    // One text, which rules for lists and words take as a list of one, or as its words.
    void solve_scalar() const {
        std::vector<Strings> storage;
        ListProblem list = problem_of(storage);
        list.single = true;
        conclude(solve(list), false);
    }

    void solve_list() const {
        std::vector<Strings> storage;
        ListProblem list = problem_of(storage);
        const bool words = any_rule([](const ClaimRule& r) { return r.shape == ClaimShape::words; });
        if (words && bound_.words) list.never.emplace_back(); // an array can have an empty member, a text no empty word
        ListAnswer answer = solve(list);
        const bool wants_member = !list.some.empty() || !list.beyond.empty();
        // Rules on every member say nothing of a list without any.
        if (answer.overlap != Overlap::some && !wants_member) {
            if (!problem_.tokens.free) return problem_.doubt(Field::claim, "only an empty list would fit", name_);
            answer = {.overlap = Overlap::some, .members = {}};
        }
        const bool no_word = std::any_of(answer.members.begin(), answer.members.end(), [](const std::string& m) {
            return m.empty() || m.find(' ') != std::string::npos;
        });
        const bool as_list = words ? no_word : answer.members.size() != 1;
        conclude(std::move(answer), as_list);
    }

    const Problem& problem_;
    const ClaimPath& path_;
    std::string name_;
    const Group& group_;
    ClaimBound bound_;
};

} // namespace

std::string text_of(const ClaimRule& rule) {
    switch (rule.test) {
    case ClaimTest::present: return "present";
    case ClaimTest::absent: return "absent";
    case ClaimTest::in: return text_of(rule.values);
    case ClaimTest::has_any: return "one of " + text_of(rule.values);
    case ClaimTest::has_all: return "all of " + text_of(rule.values);
    case ClaimTest::all_in: return "nothing but " + text_of(rule.values);
    }
    return {};
}

void check_claims(const Problem& problem, const std::vector<ClaimRule>& further) {
    std::map<ClaimPath, Group> groups;
    for (const auto* rules : {&problem.path.claims, &further}) {
        for (const ClaimRule& rule : *rules) {
            if (!has_its_own_check(rule.path)) groups[rule.path].rules.push_back(&rule);
        }
    }
    for (const auto* words : problem.outside.scope_beyond) {
        groups[policy::parse_claim_path(problem.tokens.scope_claim).value_or(ClaimPath{problem.tokens.scope_claim})]
            .beyond.push_back(words);
    }
    // What the issuer writes into every token is there, whether the path asks for it or not.
    for (const ClaimBound& bound : problem.tokens.claims) {
        if (!bound.absent_ok && bound.minted && !problem.tokens.free) groups.try_emplace(bound.path);
    }
    for (auto at = groups.begin(); at != groups.end(); ++at) {
        const auto next = std::next(at); // the map is ordered: what lies inside a claim follows it
        if (next != groups.end() && policy::is_inside(next->first, at->first)) {
            problem.doubt(Field::claim, "rules on a claim and on what is inside it",
                          policy::format_claim_path(at->first));
            continue;
        }
        ClaimCheck(problem, at->first, at->second).run();
    }
}

} // namespace jwtdomain::audit::detail
