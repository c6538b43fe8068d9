#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

void iss_09(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    for (std::size_t s = 0; s < estate.services.size(); ++s) {
        const Service& service = estate.services[s];
        const bool open = service.state == Service::State::open;
        if (!open && service.state != Service::State::guarded) continue;
        for (const accept::Path& path : service.entry->paths) {
            if (!path.anonymous) continue;
            RuleFinding finding{.rule = "ISS-09", .domains = {service.domain}, .services = {s}, .where = path.where};
            finding.subject = path.name;
            finding.message = service.name +
                              (open ? " takes a token that fails for no token, and lets it in"
                                    : " takes a token of an issuer that it does not know for no token, and lets it in");
            finding.severity = weigh(input, {}, {s}, Severity::high, finding.attacker);
            out.push_back(std::move(finding));
        }
    }
}

} // namespace jwtdomain::audit::rules
