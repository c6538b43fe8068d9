#include <optional>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "jwtdomain/crypto/ecdsa_der.h"
#include "jwtdomain/crypto/openssl.h"
#include "jwtdomain/crypto/sha2.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/crypto/signing_context.h"

namespace jwtdomain {

using openssl::octets;

struct SignatureVerifier::Impl {
    const AlgorithmInfo& algorithm;
    std::size_t signature_size;
    std::optional<PublicKey> key;
    openssl::PkeyContext context; // RSA, ECDSA
    openssl::MdContext message;   // EdDSA
    std::optional<sha2::Hmac> hmac;

    bool verify_hmac(std::string_view input, std::string_view signature) const {
        unsigned char mac[sha2::kMaxDigest];
        hmac->mac(input, mac);
        return CRYPTO_memcmp(mac, signature.data(), signature.size()) == 0;
    }

    bool verify_digest(std::string_view input, std::string_view signature) const {
        unsigned char digest[sha2::kMaxDigest];
        const std::size_t size = sha2::digest(algorithm.hash_bits, input, digest);
        unsigned char der[ecdsa::kMaxDer];
        const unsigned char* given = octets(signature);
        std::size_t given_size = signature.size();
        if (algorithm.family == Family::ecdsa) {
            given_size = ecdsa::to_der(signature, der);
            given = der;
        }
        return EVP_PKEY_verify(context.get(), given, given_size, digest, size) == 1;
    }

    bool verify_message(std::string_view input, std::string_view signature) const {
        return EVP_DigestVerifyInit(message.get(), nullptr, nullptr, nullptr, nullptr) == 1 &&
               EVP_DigestVerify(message.get(), octets(signature), signature.size(), octets(input), input.size()) == 1;
    }

    bool verify(std::string_view input, std::string_view signature) const {
        switch (algorithm.family) {
        case Family::hmac: return verify_hmac(input, signature);
        case Family::eddsa: return verify_message(input, signature);
        case Family::ecdsa:
        case Family::rsa_pkcs1:
        case Family::rsa_pss: return verify_digest(input, signature);
        }
        return false;
    }
};

SignatureVerifier::SignatureVerifier(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SignatureVerifier::SignatureVerifier(SignatureVerifier&&) noexcept = default;
SignatureVerifier& SignatureVerifier::operator=(SignatureVerifier&&) noexcept = default;
SignatureVerifier::~SignatureVerifier() = default;

Result<SignatureVerifier> SignatureVerifier::make(const PublicKey& key, Algorithm algorithm) {
    if (Status fit = signing::check_fit(key.type(), algorithm); !fit) return tl::unexpected(fit.error());
    const AlgorithmInfo& entry = info(algorithm);
    const std::size_t size = entry.key == KeyType::rsa ? key.numbers().n.size() : entry.signature_size;
    std::unique_ptr<Impl> impl(new Impl{entry, size, key, {}, {}, {}});
    bool ready = false;
    if (entry.family == Family::eddsa) {
        impl->message.reset(EVP_MD_CTX_new());
        ready = EVP_DigestVerifyInit(impl->message.get(), nullptr, nullptr, nullptr, key.native()) == 1;
    } else {
        impl->context = signing::digest_context(key.native(), entry, signing::Direction::verify);
        ready = impl->context != nullptr;
    }
    if (!ready) return fail(Fault::internal, "OpenSSL cannot verify " + std::string(entry.name));
    return SignatureVerifier(std::move(impl));
}

Result<SignatureVerifier> SignatureVerifier::make(const HmacKey& key, Algorithm algorithm) {
    if (Status fit = signing::check_fit(key, algorithm); !fit) return tl::unexpected(fit.error());
    const AlgorithmInfo& entry = info(algorithm);
    std::unique_ptr<Impl> impl(new Impl{entry, entry.signature_size, {}, {}, {}, {}});
    impl->hmac.emplace(entry.hash_bits, key.secret().expose());
    return SignatureVerifier(std::move(impl));
}

bool SignatureVerifier::verify(std::string_view signing_input, std::string_view signature) {
    if (signature.size() != impl_->signature_size) return false;
    if (impl_->verify(signing_input, signature)) return true;
    ERR_clear_error();
    return false;
}

Algorithm SignatureVerifier::algorithm() const { return impl_->algorithm.algorithm; }

} // namespace jwtdomain
