// JSON Web Keys and sets of them (RFC 7517, RFC 7518 section 6, RFC 8037).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain {

using VerificationKey = std::variant<PublicKey, HmacKey>;
using SigningKey = std::variant<PrivateKey, HmacKey>;

KeyType type_of(const VerificationKey& key);
KeyType type_of(const SigningKey& key);
const std::string& identity_of(const VerificationKey& key);
std::string thumbprint_of(const SigningKey& key);
VerificationKey verification_half(const SigningKey& key);

// What a JWK says beside its key. Strings are untrusted.
struct JwkMetadata {
    std::optional<std::string> kid;
    std::optional<std::string> algorithm; // as written: may be "EdDSA"
    std::optional<std::string> use;
    std::optional<std::vector<std::string>> key_ops;
    std::optional<std::string> issuer; // a member of Entra's keys
    std::optional<std::int64_t> issued_at, not_before, expires; // iat, nbf, exp, in NumericDate seconds
};

struct Jwk {
    VerificationKey key;
    JwkMetadata metadata;
    bool had_private_members = false; // d, p, ... stood beside the public ones (they are not kept)
    std::vector<std::string> x5c;     // DER certificates, leaf first; never trusted, compared by audits
};

// May this key verify JWS signatures, going by use, key_ops and alg (RFC 7517 4.2 to 4.4)?
bool may_verify(const JwkMetadata& metadata);

// A key of a set that we do not use, and why.
struct SkippedKey {
    std::size_t index; // in "keys"
    std::string kid;   // may be empty; untrusted
    std::string why;   // "for encryption (use is enc)", "unknown kty", "point is not on the curve", ...
    bool defective;    // false for keys that are none of our business (encryption, unknown types: RFC 7517 section 5)
};

struct JwkSet {
    std::vector<Jwk> keys;
    std::vector<SkippedKey> skipped;
};

// One public or symmetric JWK. Faults: invalid (with offset as line and column), unsupported.
Result<Jwk> parse_jwk(std::string_view json, const std::string& file = {});

// A JWK Set, or one bare JWK. Keys that cannot be used are listed in `skipped`; two keys may share a kid. Sets up to 4 MiB and 10,000 keys.
// Faults: invalid (not JSON, not a set, no "keys"), limit.
Result<JwkSet> parse_jwks(std::string_view json, const std::string& file = {});

// A private or symmetric JWK.
struct PrivateJwk {
    SigningKey key;
    JwkMetadata metadata;
};
Result<PrivateJwk> parse_private_jwk(std::string_view json, const std::string& file = {});

// Canonical texts: members in a fixed order, a newline at the end. The public ones cannot hold a private member: their
// argument has none.
std::string write_jwk(const PublicKey& key, const JwkMetadata& metadata);
struct PublicJwk {
    PublicKey key;
    JwkMetadata metadata;
};
std::string write_jwks(const std::vector<PublicJwk>& keys);
Result<SecretBytes> write_private_jwk(const SigningKey& key, const JwkMetadata& metadata);

} // namespace jwtdomain
