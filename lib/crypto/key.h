// Keys behind owning types. PublicKey, PrivateKey and HmacKey are distinct, so that a public key cannot be used
// as an HMAC secret: that does not compile.
//
// All are cheap to copy (shared, immutable; a secret is wiped with its last copy) and may be used from several threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/secret.h"
#include "jwtdomain/crypto/algorithm.h"

struct evp_pkey_st; // EVP_PKEY of OpenSSL

namespace jwtdomain {

// The numbers of a public key, big-endian, at the curve's full width for EC and OKP; without leading zeros for RSA.
struct PublicNumbers {
    KeyType type;
    std::string x, y; // EC: both; OKP: x
    std::string n, e; // RSA
};

// What PublicKey::identity() would be of a key with these numbers, good or not.
std::string identify(const PublicNumbers& numbers);

// That of the Ed25519 key that the private half of an X25519 key signs for, with its sign bit cleared (RFC 7748 section
// 4.1: the curves are one, birationally); empty for what is no such key.
std::string identify_x25519(std::string_view u);

class PublicKey {
public:
    // Checks the key: the point is on its curve and not infinity, sizes fit, RSA has 2048 to 16384 bits and an odd
    // exponent above 2^16 that is below 2^64, an even or tiny modulus and small-order OKP points are refused. Leading
    // zeros of n and e are dropped. Faults: invalid.
    static Result<PublicKey> from_numbers(const PublicNumbers& numbers);
    // SubjectPublicKeyInfo (RFC 5280); also PKCS#1 RSAPublicKey.
    static Result<PublicKey> from_spki(std::string_view der);
    // The key that an X.509 certificate holds. The certificate itself is not checked: no signature, no date.
    static Result<PublicKey> from_certificate(std::string_view der);

    KeyType type() const;
    unsigned bits() const;
    const PublicNumbers& numbers() const;
    // What makes two keys the same key whatever is written around them: the point, the modulus alone for RSA, the
    // public octets for OKP. Equal identity means that one private key serves both.
    const std::string& identity() const;
    std::string spki() const;              // DER
    const std::string& thumbprint() const; // RFC 7638 with SHA-256, base64url
    evp_pkey_st* native() const;

    struct Impl;

private:
    friend class PrivateKey;
    explicit PublicKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
    std::shared_ptr<const Impl> impl_;
};

class PrivateKey {
public:
    // RSA of `rsa_bits` (2048 to 8192) with the exponent 65537. Not for KeyType::hmac (usage). Faults: usage, internal.
    static Result<PrivateKey> generate(KeyType type, unsigned rsa_bits = 2048);
    static Result<PrivateKey> from_pkcs8(std::string_view der); // PrivateKeyInfo (RFC 5958), PKCS#1, SEC1

    // RSA: all of n e d p q dp dq qi; EC: d with the public numbers; OKP: d. That private and public parts belong
    // together is checked. Faults: invalid.
    struct Numbers {
        PublicNumbers pub;
        SecretBytes d, p, q, dp, dq, qi;
    };
    static Result<PrivateKey> from_numbers(Numbers numbers);

    const PublicKey& public_key() const;
    KeyType type() const { return public_key().type(); }
    Result<Numbers> numbers() const;
    Result<SecretBytes> pkcs8() const; // DER
    evp_pkey_st* native() const;

    struct Impl;

private:
    explicit PrivateKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
    std::shared_ptr<const Impl> impl_;
};

class HmacKey {
public:
    // Refuses the empty secret and what is a key file: a PEM block, an SSH key, a certificate, a DER public key, a JWK.
    // A public key given as a secret is the confusion of CVE-2016-10555. Short secrets are refused where an algorithm
    // is chosen. Faults: invalid.
    static Result<HmacKey> from_secret(SecretBytes secret);
    static Result<HmacKey> generate(std::size_t octets);

    const SecretBytes& secret() const { return *secret_; }
    // Equal for secrets that differ in trailing zero octets only (RFC 2104 section 2 pads with them).
    // It is a SHA-256 of the secret: never print or store it.
    const std::string& identity() const { return identity_; }
    // Equal exactly for secrets that HMAC with that algorithm's hash cannot tell apart: also a secret longer than the
    // hash's block and its digest. As secret as identity(). `algorithm` is one of HS256, HS384, HS512.
    std::string identity_under(Algorithm algorithm) const;
    // RFC 7638 thumbprint; a digest of the secret: for kid of a private file only, never for a report.
    std::string thumbprint() const;

private:
    explicit HmacKey(SecretBytes secret);
    std::shared_ptr<const SecretBytes> secret_;
    std::string identity_;
};

// A random octet string from the system's generator. Aborts the process if there is none.
std::string random_octets(std::size_t size);
std::string sha256(std::string_view octets); // 32 octets

} // namespace jwtdomain
