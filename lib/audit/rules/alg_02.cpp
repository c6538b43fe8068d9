#include <algorithm>

#include "jwtdomain/audit/rules/place.h"
#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/crypto/algorithm.h"

namespace jwtdomain::audit::rules {
namespace {

struct Kinds {
    bool mac = false, signature = false;
    void add(const std::vector<Algorithm>& algorithms) {
        for (const Algorithm algorithm : algorithms) (info(algorithm).family == Family::hmac ? mac : signature) = true;
    }
    bool both() const { return mac && signature; }
};

} // namespace

// A list that has both lets a token choose, and a public key is then one step from being taken for a secret.
void alg_02(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_path(input.estate, [&](std::size_t service, const accept::Path& path) {
        Kinds listed, used;
        if (path.signing.algorithms) listed.add(*path.signing.algorithms);
        for (const accept::KeyUse& use : path.signing.keys) used.add(use.algorithms);
        if (!listed.both() && !used.both()) return;
        const Service& target = input.estate.services[service];
        RuleFinding finding{
            .rule = "ALG-02", .domains = {target.domain}, .services = {service}, .where = place_of("ALG-02", path)};
        finding.subject = path.name;
        finding.message = "the path " + path.name + " of " + target.name +
                          (used.both() ? " has secrets and public keys" : " allows HMAC and signatures");
        finding.severity = weigh(input, {}, {service}, Severity::high, finding.attacker);
        out.push_back(std::move(finding));
    });
}

} // namespace jwtdomain::audit::rules
