#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/place.h"
#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/crypto/algorithm.h"

namespace jwtdomain::audit::rules {

// Without a list and without an alg the token chooses among all that fit the key. The type of most keys leaves one
// (P-256: ES256): those are bound by it.
void alg_03(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_path(input.estate, [&](std::size_t service, const accept::Path& path) {
        if (path.signing.algorithms) return;
        for (const accept::KeyUse& use : path.signing.keys) {
            if (use.algorithms.size() < 2) continue;
            const Service& target = input.estate.services[service];
            RuleFinding finding{.rule = "ALG-03", .severity = Severity::high, .domains = {target.domain}};
            finding.services = {service};
            finding.where = place_of("ALG-03", path);
            finding.subject = path.name + " " + label_of(use.key);
            finding.message = "the path " + path.name + " of " + target.name + " lets a token choose among " +
                              std::to_string(use.algorithms.size()) + " algorithms for " + label_of(use.key);
            out.push_back(std::move(finding));
        }
    });
}

} // namespace jwtdomain::audit::rules
