#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

void run_04(const RuleInput& input, std::vector<RuleFinding>& out) {
    for (std::size_t s = 0; s < input.estate.services.size(); ++s) {
        const Service& service = input.estate.services[s];
        if (service.state != Service::State::open) continue;
        RuleFinding finding{.rule = "RUN-04", .domains = {service.domain}, .services = {s}, .where = service.where};
        finding.subject = service.name;
        finding.message = service.name + " takes every request: " + service.why;
        finding.severity = weigh(input, {}, {s}, Severity::high, finding.attacker);
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
