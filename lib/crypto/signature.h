// Making and checking JWS signatures (RFC 7518 section 3, RFC 8037 section 3.1).
//
// A Signer or SignatureVerifier holds prepared contexts of OpenSSL: make it once per key and thread, use it often. It
// belongs to one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain {

class SignatureVerifier {
public:
    // Faults: invalid if the algorithm does not fit the key, or the HMAC secret is shorter than RFC 7518 3.2 asks.
    static Result<SignatureVerifier> make(const PublicKey& key, Algorithm algorithm);
    static Result<SignatureVerifier> make(const HmacKey& key, Algorithm algorithm);

    // `signature` is the decoded third part: r||s for ECDSA. False for anything but a valid signature: wrong length, r
    // or s zero or not below the group order, non-canonical S for EdDSA. HMAC is compared in constant time.
    bool verify(std::string_view signing_input, std::string_view signature);

    Algorithm algorithm() const;

    SignatureVerifier(SignatureVerifier&&) noexcept;
    SignatureVerifier& operator=(SignatureVerifier&&) noexcept;
    ~SignatureVerifier();
    struct Impl;

private:
    explicit SignatureVerifier(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

class Signer {
public:
    static Result<Signer> make(const PrivateKey& key, Algorithm algorithm);
    static Result<Signer> make(const HmacKey& key, Algorithm algorithm);

    // Raw octets as in the third part. Faults: internal.
    Result<std::string> sign(std::string_view signing_input);

    Algorithm algorithm() const;

    Signer(Signer&&) noexcept;
    Signer& operator=(Signer&&) noexcept;
    ~Signer();
    struct Impl;

private:
    explicit Signer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace jwtdomain
