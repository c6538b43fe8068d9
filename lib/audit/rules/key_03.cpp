#include <algorithm>
#include <map>

#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {
namespace {

struct Named {
    std::vector<std::size_t> domains; // ascending, each once
    const KeyIdentity* first = nullptr;
    bool differ = false; // there are at least two keys of this name
};

// Service -> it would take one key for the other: its paths have both, or share what was verified with others' paths.
using Pools = std::unordered_map<std::string, std::vector<std::size_t>>; // kid -> services

Pools pools_of(const Estate& estate) {
    Pools pools;
    for_each_path(estate, [&](std::size_t service, const accept::Path& path) {
        const std::vector<KeyIdentity>& identities = estate.path_keys.at(&path).used;
        std::unordered_map<std::string, std::size_t> seen;
        for (std::size_t k = 0; k < path.signing.keys.size(); ++k) {
            const auto& kid = path.signing.keys[k].kid;
            if (!kid) continue;
            const auto [first, fresh] = seen.emplace(*kid, k);
            const bool cached = !path.dialect.cache.empty();
            const bool both = !fresh && same_key(identities[first->second], identities[k]) == SameKey::no;
            std::vector<std::size_t>& services = pools[*kid];
            if ((cached || both) && (services.empty() || services.back() != service)) services.push_back(service);
        }
    });
    return pools;
}

std::map<std::string, Named> kids_of(const Estate& estate) {
    std::map<std::string, Named> kids;
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (std::size_t k = 0; k < estate.keys[d].keys.size(); ++k) {
            const auto& kid = estate.keys[d].keys[k].metadata.kid;
            if (!kid) continue;
            Named& named = kids[*kid];
            const KeyIdentity& identity = estate.keys[d].identities[k];
            if (named.domains.empty() || named.domains.back() != d) named.domains.push_back(d);
            if (!named.first) named.first = &identity;
            named.differ = named.differ || same_key(*named.first, identity) == SameKey::no;
        }
    }
    return kids;
}

} // namespace

// RFC 7517 asks for distinct names within one set only: across sets it is harm waiting for a verifier that keeps keys
// by name.
void key_03(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Pools pools = pools_of(input.estate);
    for (auto& [kid, named] : kids_of(input.estate)) {
        if (named.domains.size() < 2 || !named.differ) continue;
        RuleFinding finding{.rule = "KEY-03", .domains = named.domains};
        finding.where = input.estate.domain(finding.domains.back()).where;
        finding.subject = kid;
        finding.message =
            "the kid \"" + kid + "\" names different keys in the sets of " + names_text(input.estate, finding.domains);
        const auto pooled = pools.find(kid);
        if (pooled != pools.end() && !pooled->second.empty()) {
            finding.services = pooled->second;
            finding.message += ", and a verifier has both in one place";
            finding.severity = weigh(input, finding.domains, finding.services, Severity::high, finding.attacker);
        } else {
            // Verifiers that were read keep their keys apart; of others it is not known.
            finding.severity = input.estate.policy_only ? Severity::medium : Severity::info;
        }
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
