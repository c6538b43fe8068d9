#include <optional>

#include <openssl/err.h>

#include "jwtdomain/crypto/ecdsa_der.h"
#include "jwtdomain/crypto/openssl.h"
#include "jwtdomain/crypto/sha2.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/crypto/signing_context.h"

namespace jwtdomain {

using openssl::octets;

struct Signer::Impl {
    const AlgorithmInfo& algorithm;
    std::size_t room; // octets of the longest signature that OpenSSL writes
    std::optional<PrivateKey> key;
    openssl::PkeyContext context; // RSA, ECDSA
    openssl::MdContext message;   // EdDSA
    std::optional<sha2::Hmac> hmac;

    // Each gives an empty string if OpenSSL fails.
    std::string sign_hmac(std::string_view input) const {
        std::string signature(algorithm.signature_size, '\0');
        hmac->mac(input, octets(signature.data()));
        return signature;
    }

    std::string sign_digest(std::string_view input) const {
        unsigned char digest[sha2::kMaxDigest];
        const std::size_t digest_size = sha2::digest(algorithm.hash_bits, input, digest);
        std::string signature(room, '\0');
        std::size_t size = room;
        if (EVP_PKEY_sign(context.get(), octets(signature.data()), &size, digest, digest_size) != 1) return {};
        signature.resize(size);
        return algorithm.family == Family::ecdsa ? ecdsa::to_raw(signature, algorithm.signature_size / 2) : signature;
    }

    std::string sign_message(std::string_view input) const {
        std::string signature(room, '\0');
        std::size_t size = room;
        if (EVP_DigestSignInit(message.get(), nullptr, nullptr, nullptr, nullptr) != 1 ||
            EVP_DigestSign(message.get(), octets(signature.data()), &size, octets(input), input.size()) != 1) {
            return {};
        }
        signature.resize(size);
        return signature;
    }

    std::string sign(std::string_view input) const {
        switch (algorithm.family) {
        case Family::hmac: return sign_hmac(input);
        case Family::eddsa: return sign_message(input);
        case Family::ecdsa:
        case Family::rsa_pkcs1:
        case Family::rsa_pss: return sign_digest(input);
        }
        return {};
    }
};

Signer::Signer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;
Signer::~Signer() = default;

Result<Signer> Signer::make(const PrivateKey& key, Algorithm algorithm) {
    if (Status fit = signing::check_fit(key.type(), algorithm); !fit) return tl::unexpected(fit.error());
    const AlgorithmInfo& entry = info(algorithm);
    const auto room = static_cast<std::size_t>(EVP_PKEY_get_size(key.native()));
    std::unique_ptr<Impl> impl(new Impl{entry, room, key, {}, {}, {}});
    bool ready = false;
    if (entry.family == Family::eddsa) {
        impl->message.reset(EVP_MD_CTX_new());
        ready = EVP_DigestSignInit(impl->message.get(), nullptr, nullptr, nullptr, key.native()) == 1;
    } else {
        impl->context = signing::digest_context(key.native(), entry, signing::Direction::sign);
        ready = impl->context != nullptr;
    }
    if (!ready) return fail(Fault::internal, "OpenSSL cannot sign " + std::string(entry.name));
    return Signer(std::move(impl));
}

Result<Signer> Signer::make(const HmacKey& key, Algorithm algorithm) {
    if (Status fit = signing::check_fit(key, algorithm); !fit) return tl::unexpected(fit.error());
    const AlgorithmInfo& entry = info(algorithm);
    std::unique_ptr<Impl> impl(new Impl{entry, entry.signature_size, {}, {}, {}, {}});
    impl->hmac.emplace(entry.hash_bits, key.secret().expose());
    return Signer(std::move(impl));
}

Result<std::string> Signer::sign(std::string_view signing_input) {
    std::string signature = impl_->sign(signing_input);
    if (!signature.empty()) return signature;
    ERR_clear_error();
    return fail(Fault::internal, "OpenSSL failed to sign with " + std::string(impl_->algorithm.name));
}

Algorithm Signer::algorithm() const { return impl_->algorithm.algorithm; }

} // namespace jwtdomain
