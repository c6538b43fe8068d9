#include "jwtdomain/audit/rules/place.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

void aud_01(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_path(input.estate, [&](std::size_t service, const accept::Path& path) {
        const accept::AudienceRule& rule = path.audience;
        const bool some = !rule.all_of.empty() || rule.subset_of || rule.must_be_absent;
        if (!rule.any && (!rule.any_of.any || some)) return;
        const Service& target = input.estate.services[service];
        RuleFinding finding{
            .rule = "AUD-01", .domains = {target.domain}, .services = {service}, .where = place_of("AUD-01", path)};
        finding.subject = path.name;
        finding.message = "the path " + path.name + " of " + target.name + " does not look at aud";
        finding.severity = weigh(input, {}, {service}, Severity::medium, finding.attacker);
        out.push_back(std::move(finding));
    });
}

} // namespace jwtdomain::audit::rules
