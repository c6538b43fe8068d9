// Key files in the formats people have: PEM (PKCS#8, encrypted PKCS#8, SPKI, PKCS#1, SEC1), DER, JWK, JWKS, X.509
// certificate (its public key). Works on octets; reading and writing files is store/'s business.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "jwtdomain/base/result.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain {

enum class KeyFormat { pem, der, jwk, jwks, pkcs1, sec1, certificate };
std::optional<KeyFormat> find_key_format(std::string_view name); // "pem", "der", "jwk", "jwks", "pkcs1", "sec1", "x509"

// Asked for only when an encrypted key is met; may fail (usage: no passphrase given).
using Passphrase = std::function<Result<SecretBytes>()>;

// What a file held: its format is found by content. A JWK Set with private members gives its one private key, or fails
// as ambiguous unless `kid` selects one.
struct LoadedKey {
    std::variant<PrivateJwk, Jwk, JwkSet> content;
    KeyFormat format;
    bool encrypted = false;
};

// Faults: invalid (not a key; encrypted with a wrong passphrase; several keys), limit (over 4 MiB), and what
// `passphrase` gives.
Result<LoadedKey> load_key(std::string_view octets, const std::string& file, const Passphrase& passphrase,
                           std::optional<std::string_view> kid = {});

// The keys of a file that can verify: of a set all, of a private key its public half, which then had private members.
JwkSet verification_keys(LoadedKey file);

// pem is PKCS#8, encrypted (AES-256-CBC, PBKDF2-HMAC-SHA256) if a passphrase is given; HMAC keys only as jwk. Faults:
// usage (a format that cannot hold this key).
Result<SecretBytes> write_private_key(const SigningKey& key, const JwkMetadata& metadata, KeyFormat format,
                                      const SecretBytes* passphrase = nullptr);
Result<std::string> write_public_key(const PublicKey& key, const JwkMetadata& metadata, KeyFormat format);

} // namespace jwtdomain
