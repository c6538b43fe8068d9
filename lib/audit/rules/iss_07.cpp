#include "jwtdomain/audit/rules/index.h"
#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/policy/confusable.h"

namespace jwtdomain::audit::rules {

void iss_07(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    std::map<std::string, std::map<std::string, Domains>> alike; // by skeleton, then as it is written
    for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) {
        const std::string& issuer = estate.domain(d).issuer;
        if (!issuer.empty()) insert(alike[policy::uri_skeleton(issuer)][issuer], d);
    }
    for (const auto& [skeleton, issuers] : alike) {
        if (issuers.size() < 2) continue; // one and the same: ISS-08
        RuleFinding finding{.rule = "ISS-07", .domains = {}};
        std::size_t named = 0;
        for (const auto& [issuer, domains] : issuers) {
            for (const std::size_t domain : domains) insert(finding.domains, domain);
            if (++named <= 4) finding.message += (named > 1 ? ", " : "") + issuer + " of " + listed(estate, domains);
        }
        finding.message += named > 4 ? " and others look alike" : " look alike";
        finding.subject = skeleton;
        finding.where = estate.domain(finding.domains.back()).where;
        finding.severity = weigh_between(input, finding.domains, Severity::medium, finding.attacker);
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
