#include "jwtdomain/crypto/algorithm.h"

#include <array>

namespace jwtdomain {
namespace {

// clang-format off
constexpr std::array kAlgorithms{
    AlgorithmInfo{Algorithm::ES256,   "ES256",   Family::ecdsa,     KeyType::p256,      256,  64,    0, "RFC 7518 section 3.4"},
    AlgorithmInfo{Algorithm::ES384,   "ES384",   Family::ecdsa,     KeyType::p384,      384,  96,    0, "RFC 7518 section 3.4"},
    AlgorithmInfo{Algorithm::ES512,   "ES512",   Family::ecdsa,     KeyType::p521,      512, 132,    0, "RFC 7518 section 3.4"},
    AlgorithmInfo{Algorithm::ES256K,  "ES256K",  Family::ecdsa,     KeyType::secp256k1, 256,  64,    0, "RFC 8812 section 3.2"},
    AlgorithmInfo{Algorithm::Ed25519, "Ed25519", Family::eddsa,     KeyType::ed25519,     0,  64,    0, "RFC 9864 section 2.2"},
    AlgorithmInfo{Algorithm::Ed448,   "Ed448",   Family::eddsa,     KeyType::ed448,       0, 114,    0, "RFC 9864 section 2.2"},
    AlgorithmInfo{Algorithm::RS256,   "RS256",   Family::rsa_pkcs1, KeyType::rsa,       256,   0, 2048, "RFC 7518 section 3.3"},
    AlgorithmInfo{Algorithm::RS384,   "RS384",   Family::rsa_pkcs1, KeyType::rsa,       384,   0, 2048, "RFC 7518 section 3.3"},
    AlgorithmInfo{Algorithm::RS512,   "RS512",   Family::rsa_pkcs1, KeyType::rsa,       512,   0, 2048, "RFC 7518 section 3.3"},
    AlgorithmInfo{Algorithm::PS256,   "PS256",   Family::rsa_pss,   KeyType::rsa,       256,   0, 2048, "RFC 7518 section 3.5"},
    AlgorithmInfo{Algorithm::PS384,   "PS384",   Family::rsa_pss,   KeyType::rsa,       384,   0, 2048, "RFC 7518 section 3.5"},
    AlgorithmInfo{Algorithm::PS512,   "PS512",   Family::rsa_pss,   KeyType::rsa,       512,   0, 2048, "RFC 7518 section 3.5"},
    AlgorithmInfo{Algorithm::HS256,   "HS256",   Family::hmac,      KeyType::hmac,      256,  32,   32, "RFC 7518 section 3.2"},
    AlgorithmInfo{Algorithm::HS384,   "HS384",   Family::hmac,      KeyType::hmac,      384,  48,   48, "RFC 7518 section 3.2"},
    AlgorithmInfo{Algorithm::HS512,   "HS512",   Family::hmac,      KeyType::hmac,      512,  64,   64, "RFC 7518 section 3.2"},
};
// clang-format on

constexpr bool in_order_of_the_enum() {
    for (std::size_t i = 0; i < kAlgorithms.size(); ++i) {
        if (static_cast<std::size_t>(kAlgorithms[i].algorithm) != i) return false;
    }
    return true;
}
static_assert(in_order_of_the_enum());

} // namespace

std::span<const AlgorithmInfo> algorithms() { return kAlgorithms; }

const AlgorithmInfo& info(Algorithm algorithm) { return kAlgorithms[static_cast<std::size_t>(algorithm)]; }

std::optional<Algorithm> find_algorithm(std::string_view name) {
    for (const AlgorithmInfo& entry : kAlgorithms) {
        if (entry.name == name) return entry.algorithm;
    }
    return std::nullopt;
}

std::optional<Algorithm> algorithm_on_key(std::string_view name, KeyType key) {
    if (name == "EdDSA") {
        if (key == KeyType::ed25519) return Algorithm::Ed25519;
        if (key == KeyType::ed448) return Algorithm::Ed448;
        return std::nullopt;
    }
    const std::optional<Algorithm> found = find_algorithm(name);
    if (!found || info(*found).key != key) return std::nullopt;
    return found;
}

Algorithm default_algorithm(KeyType key) {
    switch (key) {
    case KeyType::p256: return Algorithm::ES256;
    case KeyType::p384: return Algorithm::ES384;
    case KeyType::p521: return Algorithm::ES512;
    case KeyType::secp256k1: return Algorithm::ES256K;
    case KeyType::ed25519: return Algorithm::Ed25519;
    case KeyType::ed448: return Algorithm::Ed448;
    case KeyType::rsa: return Algorithm::RS256;
    case KeyType::hmac: return Algorithm::HS256;
    }
    return Algorithm::HS256;
}

std::string_view name_of(KeyType key) {
    switch (key) {
    case KeyType::p256: return "P-256";
    case KeyType::p384: return "P-384";
    case KeyType::p521: return "P-521";
    case KeyType::secp256k1: return "secp256k1";
    case KeyType::ed25519: return "Ed25519";
    case KeyType::ed448: return "Ed448";
    case KeyType::rsa: return "RSA";
    case KeyType::hmac: return "HMAC";
    }
    return {};
}

} // namespace jwtdomain
