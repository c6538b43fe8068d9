// An RSA key with a small exponent, which our own keys refuse, and tokens that OpenSSL signs with it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "jwtdomain/base/base64url.h"

namespace jwtdomain::test {

class RsaOfOpenssl {
public:
    RsaOfOpenssl(int bits, unsigned long exponent) {
        const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
            EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nullptr), EVP_PKEY_CTX_free);
        BIGNUM* const e = BN_new();
        EVP_PKEY* made = nullptr;
        if (BN_set_word(e, exponent) == 1 && EVP_PKEY_keygen_init(context.get()) == 1 &&
            EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), bits) == 1 &&
            EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), e) == 1)
            EVP_PKEY_keygen(context.get(), &made);
        BN_free(e);
        key_.reset(made);
    }

    bool good() const { return key_ != nullptr; }
    std::string modulus() const {
        BIGNUM* n = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), "n", &n);
        std::string out(static_cast<std::size_t>(BN_num_bytes(n)), '\0');
        BN_bn2bin(n, reinterpret_cast<unsigned char*>(out.data()));
        BN_free(n);
        return out;
    }
    std::string sign(std::string_view text, const EVP_MD* hash) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        std::string out(1024, '\0');
        std::size_t size = out.size();
        EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, key_.get());
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size());
        out.resize(size);
        return out;
    }
    std::string token(std::string_view header, std::string_view claims, const EVP_MD* hash = EVP_sha256()) const {
        const std::string input = base64url_encode(header) + "." + base64url_encode(claims);
        return input + "." + base64url_encode(sign(input, hash));
    }

private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{nullptr, EVP_PKEY_free};
};

} // namespace jwtdomain::test
