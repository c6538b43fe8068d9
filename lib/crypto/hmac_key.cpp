#include <algorithm>
#include <array>
#include <cstdlib>

#include <openssl/rand.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/crypto/openssl.h"
#include "jwtdomain/crypto/sha2.h"

namespace jwtdomain {
namespace {

bool starts_with_any(std::string_view text, std::span<const std::string_view> prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view p) { return text.substr(0, p.size()) == p; });
}

// What people have when they hold a public key or a certificate: all of it is known to everybody.
bool is_key_file(std::string_view secret) {
    constexpr std::array<std::string_view, 7> kSsh{"ssh-rsa ", "ssh-dss ",       "ssh-ed25519 ",   "ecdsa-sha2-",
                                                   "sk-ssh-",  "sk-ecdsa-sha2-", "---- BEGIN SSH2"};
    if (secret.find("-----BEGIN ") != std::string_view::npos) return true;
    std::string_view text = secret;
    if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    if (starts_with_any(text, kSsh)) return true;
    if (!text.empty() && text[0] == '{' && text.find("\"kty\"") != std::string_view::npos) return true;
    return PublicKey::from_spki(secret).has_value() || PublicKey::from_certificate(secret).has_value();
}

std::string_view without_trailing_zeros(std::string_view octets) {
    while (!octets.empty() && octets.back() == '\0') octets.remove_suffix(1);
    return octets;
}

} // namespace

HmacKey::HmacKey(SecretBytes secret)
    : secret_(std::make_shared<const SecretBytes>(std::move(secret))),
      identity_(sha256(without_trailing_zeros(secret_->expose()))) {}

Result<HmacKey> HmacKey::from_secret(SecretBytes secret) {
    if (secret.empty()) return fail(Fault::invalid, "the HMAC secret is empty");
    if (is_key_file(secret.expose())) {
        return fail(Fault::invalid, "a key file was given as an HMAC secret (CVE-2016-10555)",
                    "an HMAC secret is random octets that only issuer and verifier know: jwtdomain keygen --alg HS256");
    }
    return HmacKey(std::move(secret));
}

Result<HmacKey> HmacKey::generate(std::size_t size) {
    if (size == 0) return fail(Fault::usage, "the HMAC secret would be empty");
    SecretBytes secret(size);
    if (RAND_priv_bytes(openssl::octets(secret.expose_mutable()), static_cast<int>(size)) != 1) {
        return fail(Fault::internal, "there are no random numbers");
    }
    return HmacKey(std::move(secret));
}

std::string HmacKey::identity_under(Algorithm algorithm) const {
    return sha2::hmac_identity(info(algorithm).hash_bits, secret_->expose());
}

std::string HmacKey::thumbprint() const {
    std::string text = R"({"k":")";
    text.reserve(32 + secret_->size() / 3 * 4);
    base64url_append(text, secret_->expose());
    text += R"(","kty":"oct"})";
    std::string thumbprint = base64url_encode(sha256(text));
    wipe(text.data(), text.size());
    return thumbprint;
}

std::string random_octets(std::size_t size) {
    std::string out(size, '\0');
    if (RAND_bytes(openssl::octets(out.data()), static_cast<int>(size)) != 1) std::abort();
    return out;
}

std::string sha256(std::string_view octets) {
    std::string out(32, '\0');
    sha2::digest(256, octets, openssl::octets(out.data()));
    return out;
}

} // namespace jwtdomain
