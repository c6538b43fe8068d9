#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/pattern_facts.h"
#include "jwtdomain/audit/rules/tenant_claims.h"

namespace jwtdomain::audit::rules {
namespace {

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
            const bool checked = allowed.any ? std::any_of(path.claims.begin(), path.claims.end(), has_values)
                                             : pins_tenant(path, domain);
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
