// What two ECDSA signatures of one key with one nonce give away: the private key.
#pragma once

#include <optional>
#include <string_view>

#include "jwtdomain/crypto/algorithm.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain {

// The digest of what is signed, by the hash of the algorithm, and r || s as RFC 7518 section 3.4 has it.
struct SignedDigest {
    std::string_view digest, signature;
};

// Of two signatures with the same r over different digests: k is (z1 - z2) / (s1 - s2), or, where one of them was
// brought to its other form (n - s), over s1 + s2; d is (s1 k - z1) / r. The key is given only if both signatures are
// good under its public half: then the two are of one key, which proves itself. nullopt for what is no ECDSA algorithm,
// for signatures that differ in r, and where the two are of different keys. Takes about a millisecond.
std::optional<PrivateKey> recover_from_nonce(Algorithm algorithm, const SignedDigest& a, const SignedDigest& b);

} // namespace jwtdomain
