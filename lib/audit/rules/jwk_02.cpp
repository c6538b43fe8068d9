#include <algorithm>
#include <map>
#include <set>

#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/place.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {
namespace {

// Who publishes at a place: a file, a URL, or an issuer whose metadata names the keys.
using Places = std::map<std::string, std::vector<std::size_t>>;

Places places_of(const Estate& estate) {
    Places out;
    for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) {
        const policy::KeyLocation& keys = estate.domain(d).keys;
        if (keys.kind != policy::KeyLocation::Kind::none) out[keys.value].push_back(d);
    }
    return out;
}

std::set<std::pair<std::string_view, std::string_view>> edges_of(const policy::Policy& policy) {
    std::set<std::pair<std::string_view, std::string_view>> out;
    for (const policy::TrustEdge& edge : policy.trust) out.emplace(edge.from, edge.to);
    return out;
}

} // namespace

void jwk_02(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    const Places places = places_of(estate);
    for (const auto& [place, domains] : places) {
        if (domains.size() < 2) continue;
        RuleFinding finding{.rule = "JWK-02", .domains = domains};
        finding.where = estate.domain(domains.back()).where;
        finding.subject = place;
        finding.message = place + " is the key set of " + names_text(estate, domains);
        finding.severity = weigh_between(input, domains, Severity::high, finding.attacker);
        out.push_back(std::move(finding));
    }
    const auto edges = edges_of(*estate.policy);
    for_each_path(estate, [&](std::size_t service, const accept::Path& path) {
        const Service& target = estate.services[service];
        const auto& keys = path.signing.keys;
        const bool told_apart = !keys.empty() && std::all_of(keys.begin(), keys.end(), [](const accept::KeyUse& use) {
            return use.issuer.has_value();
        });
        if (told_apart) return; // each for the tokens of its own issuer
        for (const accept::KeyOrigin& origin : path.signing.origins) {
            const auto found = places.find(origin.location);
            if (found == places.end() || found->second.size() > 1) continue; // of several: said above
            const std::size_t source = found->second.front();
            if (source == target.domain) continue;
            // A path of its own for a declared trust is what federation should look like.
            const bool alone = path.signing.origins.size() == 1;
            if (alone && edges.count({estate.name(source), estate.name(target.domain)}) != 0) continue;
            RuleFinding finding{.rule = "JWK-02", .domains = {source, target.domain}, .services = {service}};
            if (source > target.domain) std::swap(finding.domains[0], finding.domains[1]);
            finding.where = place_of("JWK-02", path);
            finding.subject = path.name + " " + origin.location;
            finding.message = "the path " + path.name + " of " + target.name + " takes the keys of " +
                              estate.name(source) + ", " + origin.location + (alone ? "" : ", together with others");
            finding.severity = weigh(input, {source}, {service}, Severity::high, finding.attacker);
            out.push_back(std::move(finding));
        }
    });
}

} // namespace jwtdomain::audit::rules
