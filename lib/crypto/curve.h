// Points of the curves that keys lie on: decoding, checking, and deriving the public point from a private scalar.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/secret.h"
#include "jwtdomain/crypto/algorithm.h"

namespace jwtdomain::curve {

// Octets of one coordinate of an EC curve, of a public key of an OKP curve; 0 for rsa and hmac.
std::size_t width(KeyType type);
bool is_weierstrass(KeyType type); // P-256, P-384, P-521, secp256k1
bool is_edwards(KeyType type);     // Ed25519, Ed448
const char* group_name(KeyType type);

struct Affine {
    std::string x, y; // at the curve's full width
};

// A point in SEC 1 form, uncompressed or compressed, on one of the Weierstrass curves. Faults: invalid.
Result<Affine> decode_point(KeyType type, std::string_view octets);

// The public point of the scalar d, which must be from 1 to the group order - 1. Faults: invalid.
Result<Affine> multiply_generator(KeyType type, const SecretBytes& d);

// Refuses what is no public key of that Edwards curve: not on the curve, not in the canonical form of RFC 8032 section
// 5, or of an order that divides the cofactor (such a key accepts forged signatures). Faults: invalid.
Status check_edwards(KeyType type, std::string_view octets);

} // namespace jwtdomain::curve
