// The signature algorithms of JWS: one table (RFC 7518 section 3, RFC 8037, RFC 8812, RFC 9864).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace jwtdomain {

enum class Algorithm : std::uint8_t {
    ES256,
    ES384,
    ES512,
    ES256K,
    Ed25519,
    Ed448,
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    HS256,
    HS384,
    HS512,
};

enum class KeyType : std::uint8_t { p256, p384, p521, secp256k1, ed25519, ed448, rsa, hmac };

enum class Family : std::uint8_t { ecdsa, eddsa, rsa_pkcs1, rsa_pss, hmac };

struct AlgorithmInfo {
    Algorithm algorithm;
    std::string_view name; // the header's value; the fully specified one of RFC 9864 where there are two
    Family family;
    KeyType key;
    unsigned hash_bits;         // 0 where the algorithm fixes its own hashing (EdDSA)
    std::size_t signature_size; // octets; 0 for RSA: the size of the modulus
    std::size_t min_key_size;   // octets of an HMAC secret (RFC 7518 3.2); bits of an RSA modulus (3.3); else 0
    std::string_view source;    // where it is specified
};

std::span<const AlgorithmInfo> algorithms(); // in the order of the enum
const AlgorithmInfo& info(Algorithm algorithm);

// By exact name. The polymorphic "EdDSA" is not here: it names a different algorithm on each key (RFC 9864
// section 2.2).
std::optional<Algorithm> find_algorithm(std::string_view name);

// What the header value `name` means on a key of that type: "EdDSA" is Ed25519 or Ed448 there. nullopt if the name is
// unknown or does not fit the key.
std::optional<Algorithm> algorithm_on_key(std::string_view name, KeyType key);

// The algorithm of a key that names none, where there is just one sensible choice or a customary one:
// rsa is RS256, hmac is HS256.
Algorithm default_algorithm(KeyType key);

std::string_view name_of(KeyType key); // "P-256", "RSA", ...

} // namespace jwtdomain
