#include "jwtdomain/audit/rules/place.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

void alg_01(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_path(input.estate, [&](std::size_t service, const accept::Path& path) {
        const bool unchecked = path.signing.source == accept::KeySource::none;
        if (!path.dialect.accepts_none && !unchecked) return;
        const Service& target = input.estate.services[service];
        RuleFinding finding{
            .rule = "ALG-01", .domains = {target.domain}, .services = {service}, .where = place_of("ALG-01", path)};
        finding.subject = path.name;
        finding.message = "the path " + path.name + " of " + target.name +
                          (unchecked ? " checks no signature, so that it takes tokens whose alg is none, too"
                                     : " takes tokens whose alg is none");
        finding.severity = weigh(input, {}, {service}, Severity::high, finding.attacker);
        out.push_back(std::move(finding));
    });
}

} // namespace jwtdomain::audit::rules
