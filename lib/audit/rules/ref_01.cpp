#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

// What a store does with its records is tested elsewhere; here only what the policy says about them.
void ref_01(const RuleInput& input, std::vector<RuleFinding>& out) {
    for (std::size_t d = 0; d < input.estate.policy->domains.size(); ++d) {
        const policy::Domain& domain = input.estate.domain(d);
        if (domain.foreign || domain.refresh.mode == policy::RefreshRules::Mode::off || !domain.clients.empty())
            continue;
        RuleFinding finding{.rule = "REF-01", .severity = Severity::high, .domains = {d}, .where = domain.where};
        finding.message = domain.name + " gives refresh tokens and declares no client that they could be bound to";
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
