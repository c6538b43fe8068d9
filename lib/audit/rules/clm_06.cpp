#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::audit::rules {
namespace {

using accept::ClaimTest;

bool compares(ClaimTest test) { return test != ClaimTest::present && test != ClaimTest::absent; }

// An empty word in the configuration is met by an empty claim, and by whatever begins or ends with nothing.
bool has_empty_word(const accept::Strings& strings) {
    const auto is_empty = [](const accept::Pattern& pattern) { return pattern.text.empty(); };
    return std::any_of(strings.exact.begin(), strings.exact.end(), [](const auto& text) { return text.empty(); }) ||
           std::any_of(strings.patterns.begin(), strings.patterns.end(), is_empty);
}

} // namespace

void clm_06(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(input, "CLM-06", out, [](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        for (const accept::ClaimRule& rule : path.claims) {
            const std::string claim = policy::format_claim_path(rule.path);
            if (!compares(rule.test)) continue;
            if (has_empty_word(rule.values))
                return PathFault{
                    .what = "is content with an empty " + claim, .severity = Severity::high, .subject = claim};
            if (rule.absent_ok && rule.role != accept::ClaimRule::Role::scope)
                return PathFault{.what = "looks at " + claim + " only where it is there",
                                 .severity = Severity::high,
                                 .subject = claim};
        }
        return std::nullopt;
    });
}

} // namespace jwtdomain::audit::rules
