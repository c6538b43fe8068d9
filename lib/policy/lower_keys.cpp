#include "jwtdomain/policy/lower_keys.h"

#include <algorithm>

namespace jwtdomain::policy::detail {

namespace {

std::vector<Algorithm> fitting(KeyType type, const std::vector<Algorithm>* allowed) {
    std::vector<Algorithm> out;
    for (const AlgorithmInfo& algorithm : algorithms()) {
        if (algorithm.key != type) continue;
        if (allowed != nullptr && std::find(allowed->begin(), allowed->end(), algorithm.algorithm) == allowed->end())
            continue;
        out.push_back(algorithm.algorithm);
    }
    return out;
}

// A key with an `alg` is for that algorithm only (RFC 8725 section 3.1).
std::vector<Algorithm> usable(const Jwk& jwk, const KeyChoice& choice) {
    const KeyType type = type_of(jwk.key);
    std::vector<Algorithm> out = fitting(type, choice.algorithms);
    if (choice.ignore_metadata) return out;
    if (!may_verify(jwk.metadata)) return {};
    if (!jwk.metadata.algorithm) return out;
    const auto own = algorithm_on_key(*jwk.metadata.algorithm, type);
    out.erase(std::remove_if(out.begin(), out.end(), [&](Algorithm a) { return a != own; }), out.end());
    return out;
}

// Entra publishes keys for all its tenants in one set, and says with some whose they are. "{tenantid}" stands for every
// tenant.
bool is_for_another_issuer(const Jwk& jwk, const std::string& issuer) {
    const auto& named = jwk.metadata.issuer;
    if (!named || issuer.empty() || named->find("{tenantid}") != std::string::npos) return false;
    return *named != issuer;
}

VerificationKey clone(const VerificationKey& key) {
    if (const auto* pub = std::get_if<PublicKey>(&key)) return *pub;
    return std::get<HmacKey>(key).clone();
}

} // namespace

bool add_keys(accept::Signing& signing, const KeyLocation& location, const KeyReader& reader, const KeyChoice& choice) {
    signing.origin += (signing.origin.empty() ? "" : ", ") + location.value;
    auto set =
        location.kind == KeyLocation::Kind::none ? fail(Fault::not_found, "no jwks is declared") : reader(location);
    if (!set) {
        signing.source = accept::KeySource::unresolved;
        signing.keys.clear();
        signing.why = describe(set.error());
        return false;
    }
    for (Jwk& jwk : set->keys) {
        if (choice.kid && jwk.metadata.kid != choice.kid) continue;
        if (is_for_another_issuer(jwk, choice.issuer)) continue;
        std::vector<Algorithm> algorithms = usable(jwk, choice);
        if (algorithms.empty()) continue;
        signing.keys.push_back({std::move(jwk.key), std::move(algorithms), jwk.metadata.kid, choice.owner});
    }
    return true;
}

accept::Signing clone(const accept::Signing& signing) {
    accept::Signing out;
    out.source = signing.source;
    out.kid = signing.kid;
    out.origin = signing.origin;
    out.why = signing.why;
    out.keys.reserve(signing.keys.size());
    for (const accept::KeyUse& use : signing.keys)
        out.keys.push_back({clone(use.key), use.algorithms, use.kid, use.owner});
    return out;
}

} // namespace jwtdomain::policy::detail
