#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {
namespace {

bool asks_for_binding(const accept::ClaimRule& rule) {
    return !rule.path.empty() && rule.path.front() == "cnf" && !rule.absent_ok &&
           rule.test != accept::ClaimTest::absent;
}

} // namespace

// Whether the proof itself is checked cannot be said in the normal form; a path that takes tokens without cnf cannot
// check it.
void lif_03(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(
        input, "LIF-03", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            // The policy's own path of a trust edge asks for what the other domain's tokens have.
            const policy::Domain& domain = input.estate.domain(own);
            const bool edge = input.estate.policy_only && path.name != domain.name;
            if (edge || domain.sender_constraint == policy::SenderConstraint::none) return std::nullopt;
            if (std::any_of(path.claims.begin(), path.claims.end(), asks_for_binding)) return std::nullopt;
            return PathFault{.what = "takes tokens that are not bound to a key, where the policy asks for DPoP",
                             .severity = Severity::high,
                             .weighed = false};
        });
}

} // namespace jwtdomain::audit::rules
