// When are two keys one key? Nearly every wrong "isolated" would come from here: names (kid), algorithms and encodings
// never tell keys apart, only what can sign does.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "jwtdomain/accept/normal.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain::audit {

// What identifies a key. Two keys are one for certain if they have an element of `own` in common: who has the one can
// sign with the other. They may be one if any elements of `own` and `others` are in common.
//
// Public keys: `own` is the point (EC), the modulus alone (RSA) or the public octets (OKP), with the key's type.
// `others` has what the point and its negative have in common (who has the scalar d of one has -d of the other), and
// the key of the JWK's x5c leaf (RFC 7517 section 4.7) where that is a different one.
// HMAC secrets: `own` is what RFC 2104 section 2 makes of the secret under each hash (zero-padded to the block; longer
// ones hashed), so that K, K || 00 and, for a long K, its digest are one key. `others` has the same for the other
// readings of the secret: without and with a newline at its end, and what it gives when it is taken for, or written as,
// hexadecimal, base64 or base64url; where one of these is a key file (PEM, DER, JWK), also the key in that file.
//
// Elements are SHA-256 digests of 32 octets, sorted, each there once and not in both lists. Those of secrets are as
// secret as the secret: never printed, never stored. They live in plain strings: drop them when they are compared.
struct KeyIdentity {
    std::vector<std::string> own;
    std::vector<std::string> others;
};

KeyIdentity identity_of_key(const VerificationKey& key);
KeyIdentity identity_of_key(const Jwk& key);
// Of a key that we do not use; empty if nothing can be read of it.
KeyIdentity identity_of_key(const SkippedKey& key);
// Of PublicKey::identity().
KeyIdentity identity_of_public(const std::string& identity);
// With the aliases that lowering left beside the key (the x5c leaf).
KeyIdentity identity_of_key(const accept::KeyUse& key);

// Each element of these identities once, in order: all that any of the keys may be known by.
std::vector<std::string> readings_of(const std::vector<KeyIdentity>& keys);

// The keys of a path, in the order of Signing::keys, and those that it passes over, in that of Signing::passed_over.
struct PathKeys {
    std::vector<KeyIdentity> used;
    std::vector<KeyIdentity> passed_over;
    std::vector<std::string> readings() const; // of both, as readings_of() gives them
};
PathKeys keys_of(const accept::Signing& signing);

enum class SameKey : std::uint8_t { no, perhaps, yes };
SameKey same_key(const KeyIdentity& a, const KeyIdentity& b);

} // namespace jwtdomain::audit
