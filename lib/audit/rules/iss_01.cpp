#include "jwtdomain/audit/rules/place.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

void iss_01(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_path(input.estate, [&](std::size_t service, const accept::Path& path) {
        if (!path.issuer.allowed.any && !path.issuer.absent_ok) return;
        const Service& target = input.estate.services[service];
        const policy::Domain& domain = input.estate.domain(target.domain);
        // A domain whose tokens are told by other claims says so itself (SPIFFE JWT-SVIDs have no iss).
        if (input.estate.policy_only && domain.issuer_optional && !domain.match.empty()) return;
        RuleFinding finding{
            .rule = "ISS-01", .domains = {target.domain}, .services = {service}, .where = place_of("ISS-01", path)};
        finding.subject = path.name;
        finding.message = "the path " + path.name + " of " + target.name +
                          (path.issuer.allowed.any ? " takes tokens of every issuer" : " takes tokens without iss");
        finding.severity = weigh(input, {}, {service}, Severity::medium, finding.attacker);
        out.push_back(std::move(finding));
    });
}

} // namespace jwtdomain::audit::rules
