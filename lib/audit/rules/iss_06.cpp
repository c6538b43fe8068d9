#include <algorithm>
#include <array>
#include <string_view>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/pattern_facts.h"

namespace jwtdomain::audit::rules {
namespace {

// How products call the claim that says whose customer a token is of.
constexpr std::array<std::string_view, 12> kTenantClaims{"tid",    "tenant",          "tenant_id", "tenantId",
                                                         "org",    "org_id",          "hd",        "organization",
                                                         "domain", "organization_id", "azp",       "account_id"};

bool names_tenant(const accept::ClaimRule& rule, const policy::Domain& domain) {
    if (rule.role == accept::ClaimRule::Role::domain) return true;
    if (rule.path.size() != 1) return false;
    const std::string& name = rule.path.front();
    return name == domain.domain_claim ||
           std::find(kTenantClaims.begin(), kTenantClaims.end(), name) != kTenantClaims.end();
}

// Values from a list, and the claim must be there.
bool is_checked(const accept::ClaimRule& rule) {
    const bool chooses = rule.test != accept::ClaimTest::present && rule.test != accept::ClaimTest::absent;
    return chooses && !rule.absent_ok && !rule.values.any && rule.values.patterns.empty() && !rule.values.exact.empty();
}

bool has_values(const accept::ClaimRule& rule) { return !rule.values.any && !rule.values.empty(); }

} // namespace

void iss_06(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    for_each_faulty_path(
        input, "ISS-06", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            const policy::Domain& domain = estate.domain(own);
            const accept::Strings& allowed = path.issuer.allowed;
            if (!allowed.any && allowed.patterns.empty()) return std::nullopt;
            // Where every issuer is taken, any values of a claim may be what tells tenants apart.
            const bool checked =
                std::any_of(path.claims.begin(), path.claims.end(), [&](const accept::ClaimRule& rule) {
                    return allowed.any ? has_values(rule) : names_tenant(rule, domain) && is_checked(rule);
                });
            if (checked) return std::nullopt;
            if (allowed.any)
                return PathFault{.what = "takes tokens of every tenant of every issuer", .severity = Severity::high};
            std::vector<std::string> meant = allowed.exact;
            meant.push_back(domain.issuer);
            if (!word_beyond(allowed, meant)) return std::nullopt;
            return PathFault{.what = "takes the issuers of many tenants and asks for none of them",
                             .severity = Severity::high};
        });
}

} // namespace jwtdomain::audit::rules
