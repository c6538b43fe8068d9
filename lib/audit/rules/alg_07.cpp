#include <algorithm>

#include "jwtdomain/audit/rules/place.h"
#include "jwtdomain/audit/rules/sample.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

void alg_07(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_path(input.estate, [&](std::size_t service, const accept::Path& path) {
        if (!path.dialect.ignores_crit) return;
        const Service& target = input.estate.services[service];
        RuleFinding finding{
            .rule = "ALG-07", .domains = {target.domain}, .services = {service}, .where = place_of("ALG-07", path)};
        finding.severity = Severity::medium; // harm needs an issuer that says with crit what it means
        finding.subject = path.name;
        finding.message = "the path " + path.name + " of " + target.name + " does not look at crit";
        out.push_back(std::move(finding));
    });
    const TokenDomains domains(input.estate);
    for (const SampleToken& sample : input.tokens) {
        const SampleHeader header(sample);
        if (!header.usable()) continue;
        for (const Finding& defect : header.header().defects) {
            if (defect.reason != Reason::crit_malformed) continue;
            RuleFinding finding = finding_of("ALG-07", domains, sample, Severity::high);
            finding.message = "of " + sample.label + ", " + defect.detail;
            out.push_back(std::move(finding));
            break;
        }
    }
}

} // namespace jwtdomain::audit::rules
