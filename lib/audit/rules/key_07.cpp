#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

void key_07(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    const Users users = users_of(estate);
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (std::size_t k = 0; k < estate.keys[d].keys.size(); ++k) {
            const Jwk& key = estate.keys[d].keys[k];
            const bool symmetric = type_of(key.key) == KeyType::hmac;
            if (!key.had_private_members && !symmetric) continue;
            RuleFinding finding{.rule = "KEY-07", .domains = {d}};
            finding.services = services_with(users, estate.keys[d].identities[k]);
            finding.where = estate.domain(d).where;
            finding.subject = thumbprint_or_kid(key);
            finding.message = "the published set of " + estate.name(d) + " holds " +
                              (symmetric ? "a secret" : "the private half of a key") + ", " +
                              kid_text(key.metadata.kid);
            finding.severity = Severity::high; // nothing takes it yet
            if (!finding.services.empty())
                finding.severity = weigh(input, {}, finding.services, Severity::high, finding.attacker);
            out.push_back(std::move(finding));
        }
    }
}

} // namespace jwtdomain::audit::rules
