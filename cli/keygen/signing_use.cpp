#include "cli/keygen/signing_use.h"

#include <algorithm>

#include "cli/keygen/generate.h"

namespace jwtdomain::cli {

std::optional<SigningUse> signing_use(const Jwk& jwk, const policy::Domain& domain) {
    const auto* key = std::get_if<PublicKey>(&jwk.key);
    if (!key || !may_verify(jwk.metadata)) return std::nullopt;
    if (jwk.metadata.algorithm) {
        const auto named = algorithm_on_key(*jwk.metadata.algorithm, key->type());
        if (!named || std::find(domain.algorithms.begin(), domain.algorithms.end(), *named) == domain.algorithms.end())
            return std::nullopt;
        return SigningUse{*named, *jwk.metadata.algorithm};
    }
    for (const Algorithm algorithm : domain.algorithms) {
        if (info(algorithm).key == key->type()) return SigningUse{algorithm, usual_name(algorithm).name};
    }
    return std::nullopt;
}

SigningKeys signing_keys(const JwkSet& set, const policy::Domain& domain) {
    SigningKeys out;
    for (std::size_t i = 0; i < set.keys.size(); ++i) {
        auto use = signing_use(set.keys[i], domain);
        if (!use) continue;
        out.numbers.push_back(i);
        out.uses.push_back(std::move(*use));
        out.records.push_back(rotation::record_of(std::get<PublicKey>(set.keys[i].key), set.keys[i].metadata));
    }
    return out;
}

} // namespace jwtdomain::cli
