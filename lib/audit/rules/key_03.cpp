#include <algorithm>
#include <map>

#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/base/vectors.h"

namespace jwtdomain::audit::rules {
namespace {

struct Named {
    std::vector<std::size_t> domains; // ascending, each once
    const KeyIdentity* first = nullptr;
    bool differ = false; // there are at least two keys of this name
};

// Services that would take one key for the other: a path has both, or shares what was verified with a path that has the
// other one. A cache of its own mistakes nothing.
using Pools = std::unordered_map<std::string, std::vector<std::size_t>>; // kid -> services, ascending

struct Cached {
    const KeyIdentity* first = nullptr;
    std::vector<std::size_t> services;
    bool differ = false; // there are at least two keys of this name
};

Pools pools_of(const Estate& estate) {
    Pools pools;
    std::map<std::pair<std::string, std::string>, Cached> caches; // name of the cache, kid
    for_each_path(estate, [&](std::size_t service, const accept::Path& path) {
        const std::vector<KeyIdentity>& identities = estate.path_keys.at(&path).used;
        std::unordered_map<std::string, std::size_t> seen;
        for (std::size_t k = 0; k < path.signing.keys.size(); ++k) {
            const auto& kid = path.signing.keys[k].kid;
            if (!kid) continue;
            const auto [first, fresh] = seen.emplace(*kid, k);
            if (!fresh && same_key(identities[first->second], identities[k]) == SameKey::no)
                pools[*kid].push_back(service);
            if (path.dialect.cache.empty()) continue;
            Cached& cached = caches[{path.dialect.cache, *kid}];
            if (!cached.first) cached.first = &identities[k];
            cached.services.push_back(service);
            cached.differ = cached.differ || same_key(*cached.first, identities[k]) == SameKey::no;
        }
    });
    for (const auto& [name, cached] : caches) {
        std::vector<std::size_t>& services = pools[name.second];
        if (cached.differ) services.insert(services.end(), cached.services.begin(), cached.services.end());
    }
    for (auto& [kid, services] : pools) sort_once(services);
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
