#include "jwtdomain/rotation/records.h"

#include <algorithm>

namespace jwtdomain::rotation {

KeyRecord record_of(const PublicKey& key, const JwkMetadata& metadata) {
    return {
        .name = key.thumbprint(), .made = metadata.issued_at, .starts = metadata.not_before, .ends = metadata.expires};
}

Facts facts_of(const policy::Policy& policy, const policy::Domain& domain) {
    Facts out{.cache = domain.rotation.cache,
              .token_life = std::max(domain.lifetime, domain.issue.lifetime.value_or(0)),
              .skew = domain.leeway,
              .every = domain.rotation.every};
    // Tenants of one issuer may have one set: it is rotated for all of them.
    for (const policy::Domain& other : policy.domains) {
        if (other.keys.kind != domain.keys.kind || other.keys.value != domain.keys.value) continue;
        out.cache = std::max(out.cache, other.rotation.cache);
        out.token_life = std::max({out.token_life, other.lifetime, other.issue.lifetime.value_or(0)});
        out.skew = std::max(out.skew, other.leeway);
    }
    for (const policy::TrustEdge& edge : policy.trust) {
        if (edge.from != domain.name) continue;
        if (const policy::Domain* const to = policy.find(edge.to)) out.skew = std::max(out.skew, to->leeway);
    }
    return out;
}

} // namespace jwtdomain::rotation
