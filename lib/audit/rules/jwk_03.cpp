#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

// What was taken out of a set is taken out of nothing else: a cache that only adds has it, and so has a copy.
void jwk_03(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    const Users users = users_of(estate);
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (const DomainKeys::Removed& removed : estate.keys[d].removed) {
            RuleFinding finding{.rule = "JWK-03", .domains = {d}};
            finding.services = services_with(users, removed.identity);
            if (finding.services.empty()) continue;
            finding.where = estate.services[finding.services.front()].where;
            finding.subject = thumbprint_or_kid(removed.key);
            finding.message = label_of(removed.key.key) + " (" + kid_text(removed.key.metadata.kid) + ") of " +
                              estate.name(d) + " is in " + removed.set + " and is no longer published, and " +
                              estate.services[finding.services.front()].name + " still takes it";
            if (finding.services.size() > 1)
                finding.message += ", as " + std::to_string(finding.services.size() - 1) + " more do";
            finding.severity = weigh(input, {d}, finding.services, Severity::high, finding.attacker);
            out.push_back(std::move(finding));
        }
    }
}

} // namespace jwtdomain::audit::rules
