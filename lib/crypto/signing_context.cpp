#include "jwtdomain/crypto/signing_context.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

namespace jwtdomain::signing {
namespace {

const EVP_MD* message_digest(unsigned bits) {
    switch (bits) {
    case 384: return EVP_sha384();
    case 512: return EVP_sha512();
    default: return EVP_sha256();
    }
}

// RFC 7518 section 3.5: MGF1 with the same hash, and a salt as long as the hash.
bool set_rsa(EVP_PKEY_CTX* context, const AlgorithmInfo& algorithm) {
    const EVP_MD* md = message_digest(algorithm.hash_bits);
    const bool pss = algorithm.family == Family::rsa_pss;
    if (EVP_PKEY_CTX_set_rsa_padding(context, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) != 1) return false;
    if (EVP_PKEY_CTX_set_signature_md(context, md) != 1) return false;
    return !pss || (EVP_PKEY_CTX_set_rsa_mgf1_md(context, md) == 1 &&
                    EVP_PKEY_CTX_set_rsa_pss_saltlen(context, static_cast<int>(algorithm.hash_bits / 8)) == 1);
}

} // namespace

Status check_fit(KeyType key, Algorithm algorithm) {
    const AlgorithmInfo& wanted = info(algorithm);
    if (wanted.key == key) return {};
    return fail(Fault::invalid, std::string(wanted.name) + " needs a key of type " + std::string(name_of(wanted.key)) +
                                    ", and this one is " + std::string(name_of(key)));
}

Status check_fit(const HmacKey& key, Algorithm algorithm) {
    if (Status fit = check_fit(KeyType::hmac, algorithm); !fit) return fit;
    const AlgorithmInfo& wanted = info(algorithm);
    if (key.secret().size() >= wanted.min_key_size) return {};
    return fail(Fault::invalid,
                "the HMAC secret has " + std::to_string(key.secret().size()) + " octets: " + std::string(wanted.name) +
                    " needs " + std::to_string(wanted.min_key_size) + " or more (RFC 7518 section 3.2)",
                "make one with: jwtdomain keygen --alg " + std::string(wanted.name));
}

openssl::PkeyContext digest_context(EVP_PKEY* key, const AlgorithmInfo& algorithm, Direction direction) {
    openssl::PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    const bool sign = direction == Direction::sign;
    const bool ready = context &&
                       (sign ? EVP_PKEY_sign_init(context.get()) : EVP_PKEY_verify_init(context.get())) == 1 &&
                       (algorithm.family == Family::ecdsa || set_rsa(context.get(), algorithm));
    if (ready) return context;
    ERR_clear_error();
    return {};
}

} // namespace jwtdomain::signing
