#include <algorithm>
#include <array>
#include <string_view>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::audit::rules {
namespace {

constexpr std::array<std::string_view, 3> kScopeNames{"scope", "scp", "scopes"};
constexpr std::array<std::string_view, 6> kTenantNames{"domain", "tid", "tenant", "tenant_id", "tenantId", "org_id"};

// The claim that a rule of the path reads where the policy calls the same thing otherwise; empty: none.
template <std::size_t N> std::string read_instead(const accept::Path& path, const std::string& declared,
                                                  accept::ClaimRule::Role role,
                                                  const std::array<std::string_view, N>& names) {
    if (declared.empty()) return {};
    const auto wanted = policy::parse_claim_path(declared);
    std::string other;
    for (const accept::ClaimRule& rule : path.claims) {
        if (wanted && rule.path == *wanted) return {};
        const bool same_thing =
            rule.role == role ||
            (rule.path.size() == 1 && std::find(names.begin(), names.end(), rule.path.front()) != names.end());
        if (same_thing && !rule.path.empty()) other = rule.path.back();
    }
    return other;
}

} // namespace

void clm_07(const RuleInput& input, std::vector<RuleFinding>& out) {
    if (input.estate.policy_only) return; // the policy's own paths read what it says
    for_each_faulty_path(
        input, "CLM-07", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            const policy::Domain& domain = input.estate.domain(own);
            using Role = accept::ClaimRule::Role;
            std::string declared = domain.scope_claim;
            std::string other = read_instead(path, declared, Role::scope, kScopeNames);
            if (other.empty()) {
                declared = domain.domain_claim;
                other = read_instead(path, declared, Role::domain, kTenantNames);
            }
            if (other.empty()) return std::nullopt;
            return PathFault{.what = "reads the claim " + other + ", where " + domain.name + " writes " + declared,
                             .severity = Severity::medium,
                             .weighed = false};
        });
}

} // namespace jwtdomain::audit::rules
