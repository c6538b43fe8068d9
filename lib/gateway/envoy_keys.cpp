#include "jwtdomain/gateway/envoy_keys.h"

#include <algorithm>

namespace jwtdomain::gateway {
namespace {

bool knows(Algorithm algorithm) { return algorithm != Algorithm::ES256K && algorithm != Algorithm::Ed448; }

bool knows(const PublicJwk& key) {
    const KeyType type = key.key.type();
    return type != KeyType::secp256k1 && type != KeyType::ed448 && key.metadata.algorithm != "Ed25519";
}

} // namespace

Status check_envoy_keys(const Order& order, std::string_view name) {
    const std::string who(name);
    if (auto known = check_algorithms(order, name, knows); !known) return known;
    const std::vector<PublicJwk> keys = order.keys_url.empty() ? used_keys(order).keys : order.keys;
    const auto strange = std::find_if(keys.begin(), keys.end(), [](const PublicJwk& key) { return !knows(key); });
    if (strange == keys.end()) return {};
    const std::string kid = strange->metadata.kid.value_or("");
    if (strange->metadata.algorithm == "Ed25519")
        return cannot(order, who + " takes no set with the key " + kid + ", whose alg is Ed25519",
                      "call the algorithm EdDSA in the key set and in tokens");
    return cannot(order, who + " takes no set with the key " + kid + ", whose type it does not know",
                  "take the key out of the set that it fetches");
}

void add_envoy_key_losses(const Order& order, const UsedKeys& keys, std::vector<Loss>& losses) {
    if (!keys.one_algorithm_each || !order.keys_url.empty())
        losses.push_back({"algorithms", "a key that says no algorithm is used with any that fits it"});
}

std::string jwks_in_one_line(const std::vector<PublicJwk>& keys) {
    std::string text = write_jwks(keys);
    std::erase(text, '\n');
    return text;
}

} // namespace jwtdomain::gateway
