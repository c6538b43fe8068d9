#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {

void aud_02(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(
        input, "AUD-02", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            const accept::AudienceRule& rule = path.audience;
            if (rule.any || rule.must_be_absent) return std::nullopt; // AUD-01, or there never is one
            if (!rule.absent_ok && !rule.empty_ok) return std::nullopt;
            // A domain whose tokens are told by other claims says so itself (Keycloak names the client in azp).
            const policy::Domain& domain = input.estate.domain(own);
            if (input.estate.policy_only && domain.audience_optional && !domain.match.empty()) return std::nullopt;
            return PathFault{.what = rule.absent_ok ? "takes tokens without aud" : "takes tokens with an empty aud",
                             .severity = Severity::medium};
        });
}

} // namespace jwtdomain::audit::rules
