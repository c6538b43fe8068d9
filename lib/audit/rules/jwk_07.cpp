#include "jwtdomain/audit/rules/place.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

void jwk_07(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_path(input.estate, [&](std::size_t service, const accept::Path& path) {
        const accept::Signing& signing = path.signing;
        if (signing.kid == accept::KidRule::must_match || signing.keys.size() < 2) return;
        const Service& target = input.estate.services[service];
        RuleFinding finding{.rule = "JWK-07", .severity = Severity::medium, .domains = {target.domain}};
        finding.services = {service};
        finding.where = place_of("JWK-07", path);
        finding.subject = path.name;
        finding.message =
            "the path " + path.name + " of " + target.name + " tries " + std::to_string(signing.keys.size()) +
            " keys " +
            (signing.kid == accept::KidRule::ignored ? "whatever kid a token names" : "on a token that names none");
        out.push_back(std::move(finding));
    });
}

} // namespace jwtdomain::audit::rules
