#include "jwtdomain/audit/rules/tenant_claims.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace jwtdomain::audit::rules {
namespace {

// How products call it.
constexpr std::array<std::string_view, 12> kTenantClaims{"tid",    "tenant",          "tenant_id", "tenantId",
                                                         "org",    "org_id",          "hd",        "organization",
                                                         "domain", "organization_id", "azp",       "account_id"};

// Values from a list, and the claim must be there.
bool is_checked(const accept::ClaimRule& rule) {
    const bool chooses = rule.test != accept::ClaimTest::present && rule.test != accept::ClaimTest::absent;
    return chooses && !rule.absent_ok && !rule.values.any && rule.values.patterns.empty() && !rule.values.exact.empty();
}

} // namespace

bool is_tenant_claim(const std::vector<std::string>& path, const policy::Domain& domain) {
    if (path.size() != 1) return false;
    const std::string& name = path.front();
    return name == domain.domain_claim ||
           std::find(kTenantClaims.begin(), kTenantClaims.end(), name) != kTenantClaims.end();
}

bool pins_tenant(const accept::Path& path, const policy::Domain& domain) {
    return std::any_of(path.claims.begin(), path.claims.end(), [&](const accept::ClaimRule& rule) {
        const bool names = rule.role == accept::ClaimRule::Role::domain || is_tenant_claim(rule.path, domain);
        return names && is_checked(rule);
    });
}

} // namespace jwtdomain::audit::rules
