#include "jwtdomain/accept/keys.h"

#include <algorithm>

namespace jwtdomain::accept {
namespace {

bool long_enough(const VerificationKey& key, Algorithm algorithm) {
    const auto* hmac = std::get_if<HmacKey>(&key);
    return !hmac || hmac->secret().size() >= info(algorithm).min_key_size;
}

} // namespace

std::vector<Algorithm> usable_algorithms(const Jwk& key, const std::optional<std::vector<Algorithm>>& list) {
    std::vector<Algorithm> usable;
    if (!may_verify(key.metadata)) return usable;
    const auto offer = [&](Algorithm algorithm) {
        const bool listed = !list || std::find(list->begin(), list->end(), algorithm) != list->end();
        if (listed && long_enough(key.key, algorithm)) usable.push_back(algorithm);
    };
    if (key.metadata.algorithm) {
        if (const auto own = algorithm_on_key(*key.metadata.algorithm, type_of(key.key))) offer(*own);
        return usable;
    }
    for (const AlgorithmInfo& entry : algorithms()) {
        if (entry.key == type_of(key.key)) offer(entry.algorithm);
    }
    return usable;
}

std::vector<KeyUse> key_uses(const JwkSet& set, const std::optional<std::vector<Algorithm>>& list,
                             const std::string& owner) {
    std::vector<KeyUse> uses;
    for (const Jwk& key : set.keys) {
        auto usable = usable_algorithms(key, list);
        if (usable.empty()) continue;
        uses.push_back({.key = key.key, .algorithms = std::move(usable), .kid = key.metadata.kid, .owner = owner});
    }
    return uses;
}

} // namespace jwtdomain::accept
