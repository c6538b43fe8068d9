// Choosing an algorithm and making a key for it.
#pragma once

#include <optional>
#include <string>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain::cli {

struct AlgorithmChoice {
    Algorithm algorithm;
    std::string name; // as it is written into the key and into tokens: "EdDSA" and "Ed25519" are two names of one
};

// By the name that a user gives. "EdDSA" is Ed25519. Faults: usage, with the nearest name.
Result<AlgorithmChoice> choose_algorithm(const std::string& name);

// The name by which a domain's own keys are known where nobody chose one: that which most libraries know.
AlgorithmChoice usual_name(Algorithm algorithm);

struct KeyWish {
    std::optional<std::string> algorithm, bits; // as typed
};

struct FreshKey {
    SigningKey key;
    JwkMetadata metadata; // kid, use, alg, iat
};

// `otherwise` is taken where the wish names no algorithm. The kid is the RFC 7638 thumbprint; of an HMAC secret, where
// that would be a digest of the secret, it is random. Faults: usage.
Result<FreshKey> generate_key(const KeyWish& wish, const AlgorithmChoice& otherwise, Time now);

} // namespace jwtdomain::cli
