// JSON Web Keys and sets of them (RFC 7517, RFC 7518 section 6, RFC 8037).
#pragma once

#include <cstdint>
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
    std::optional<std::string> issuer;                          // a member of Entra's keys
    std::optional<std::int64_t> issued_at, not_before, expires; // iat, nbf, exp, in NumericDate seconds
};

// Whether the first certificate of x5c holds the key of the JWK, as RFC 7517 section 4.7 demands. Nothing trusts x5c
// either way.
enum class X5cKey : std::uint8_t { absent, same, different, unreadable };

struct Jwk {
    VerificationKey key;
    JwkMetadata metadata = {};
    bool had_private_members = false;  // d, p, ... stood beside the public ones (they are not kept)
    bool private_differs = false;      // they are of another key, or cannot be read
    std::vector<std::string> x5c = {}; // DER certificates, leaf first; never trusted, compared by audits
    X5cKey x5c_key = X5cKey::absent;
    std::string x5c_identity = {}; // PublicKey::identity() of the leaf, when it could be read
};

// May this key verify, or make, JWS signatures, going by use, key_ops and alg (RFC 7517 4.2 to 4.4)?
bool may_verify(const JwkMetadata& metadata);
bool may_sign(const JwkMetadata& metadata);

// A key of a set that we do not use, and why.
struct SkippedKey {
    std::size_t index; // in "keys"
    std::string kid;   // may be empty; untrusted
    std::string why;   // "for encryption (use is enc)", "unknown kty", "point is not on the curve", ...
    bool defective;    // false for keys that are none of our business (encryption, unknown types: RFC 7517 section 5)
    bool had_private_members = false; // d, p, k, ...: it is not to be shown
    // What others may take for a signature key all the same, read as leniently as anybody reads: the identity() of a
    // public key, or a secret. Neither of these in something that may be a key that signs: it could not be read.
    bool may_sign = true;
    std::string identity = {};
    std::string x5c_identity = {}; // of the leaf, as of Jwk
    std::optional<HmacKey> secret = {};
};

struct JwkSet {
    std::vector<Jwk> keys;
    std::vector<SkippedKey> skipped;
    bool holds_private = false; // private members or a private key in PEM, anywhere in it, used or not
};

// One public or symmetric JWK, whatever it may be used for. Faults: invalid (with line and column), unsupported (a key
// that is no signature key of ours: another kty or crv), limit.
Result<Jwk> parse_jwk(std::string_view json, const std::string& file = {});

// A JWK Set, or one bare JWK. Keys that cannot be used are listed in `skipped`; two keys may share a kid. Sets up to 4
// MiB and 10,000 keys. Faults: invalid (not JSON, not a set, no "keys"), limit.
Result<JwkSet> parse_jwks(std::string_view json, const std::string& file = {});

// A private or symmetric JWK. Faults: as parse_jwk; invalid too for a public key.
struct PrivateJwk {
    SigningKey key;
    JwkMetadata metadata = {};
};
Result<PrivateJwk> parse_private_jwk(std::string_view json, const std::string& file = {});

// Private JWKs among "keys": of a set that was written to be kept secret. Keys that cannot sign are listed in
// `skipped`.
struct PrivateJwkSet {
    std::vector<PrivateJwk> keys;
    std::vector<SkippedKey> skipped;
};
Result<PrivateJwkSet> parse_private_jwks(std::string_view json, const std::string& file = {});

// Canonical texts: members in a fixed order, a newline at the end, in a set one key a line. The public ones cannot hold
// a private member: their argument has none. Names that are not UTF-8 are written with U+FFFD.
std::string write_jwk(const PublicKey& key, const JwkMetadata& metadata);
struct PublicJwk {
    PublicKey key;
    JwkMetadata metadata = {};
};
std::string write_jwks(const std::vector<PublicJwk>& keys);
Result<SecretBytes> write_private_jwk(const SigningKey& key, const JwkMetadata& metadata);

} // namespace jwtdomain
