#include "jwtdomain/crypto/aead.h"

#include <openssl/crypto.h>

#include "jwtdomain/crypto/key.h"
#include "jwtdomain/crypto/openssl.h"
#include "jwtdomain/crypto/sha2.h"

namespace jwtdomain {
namespace {

using openssl::octets;
using AeadContext = openssl::Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr std::size_t kAeadKey = 32, kAeadNonce = 12, kAeadTag = 16;

tl::unexpected<Error> aead_failed() { return fail(Fault::internal, "AES-256-GCM failed"); }

std::string hmac_sha256(std::string_view key, std::string_view text) {
    std::string out(32, '\0');
    sha2::Hmac(256, key).mac(text, octets(out.data()));
    return out;
}

} // namespace

SecretBytes derive_key(std::string_view secret, std::string_view salt, std::string_view info) {
    std::string extracted = hmac_sha256(salt, secret);
    std::string expanded = hmac_sha256(extracted, std::string(info) + '\x01');
    SecretBytes out{std::string_view(expanded)};
    wipe(extracted.data(), extracted.size());
    wipe(expanded.data(), expanded.size());
    return out;
}

Result<std::string> aead_seal(const SecretBytes& key, std::string_view text, std::string_view bound) {
    if (key.size() != kAeadKey) return aead_failed();
    std::string out = random_octets(kAeadNonce);
    out.resize(kAeadNonce + text.size() + kAeadTag);
    const AeadContext context(EVP_CIPHER_CTX_new());
    int size = 0;
    auto* const body = octets(out.data()) + kAeadNonce;
    const bool done =
        context &&
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, octets(key.expose()), octets(out.data())) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &size, octets(bound), static_cast<int>(bound.size())) == 1 &&
        EVP_EncryptUpdate(context.get(), body, &size, octets(text), static_cast<int>(text.size())) == 1 &&
        EVP_EncryptFinal_ex(context.get(), body + size, &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kAeadTag, body + text.size()) == 1;
    if (!done) return aead_failed();
    return out;
}

Result<SecretBytes> aead_open(const SecretBytes& key, std::string_view sealed, std::string_view bound) {
    if (key.size() != kAeadKey) return aead_failed();
    const auto refused = [] { return fail(Fault::invalid, "what is sealed there is not what was sealed"); };
    if (sealed.size() < kAeadNonce + kAeadTag) return refused();
    const std::string_view text = sealed.substr(kAeadNonce, sealed.size() - kAeadNonce - kAeadTag);
    std::string tag(sealed.substr(sealed.size() - kAeadTag));
    SecretBytes out(text.size());
    const AeadContext context(EVP_CIPHER_CTX_new());
    int size = 0;
    auto* const body = octets(out.expose_mutable());
    const bool done =
        context &&
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, octets(key.expose()), octets(sealed)) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &size, octets(bound), static_cast<int>(bound.size())) == 1 &&
        EVP_DecryptUpdate(context.get(), body, &size, octets(text), static_cast<int>(text.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kAeadTag, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context.get(), body + size, &size) == 1;
    if (!done) return refused();
    return out;
}

std::string keyed_hash(const SecretBytes& key, std::string_view text) { return hmac_sha256(key.expose(), text); }

bool equal_secrets(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace jwtdomain
