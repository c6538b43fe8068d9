#include "jwtdomain/probe/forge.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/self_signed.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/jwt/mint.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::probe::detail {
Result<Forge> Forge::of(const Control& control, EphemeralKeys& keys) {
    UnverifiedToken token;
    token.parse(control.token);
    if (!token.usable() || !token.has_claims()) return fail(Fault::invalid, "the control is no token with claims");
    Forge out;
    out.control_ = &control;
    out.header = Json::parse(token.header_json().raw(), nullptr, false);
    out.claims = Json::parse(token.claims().raw(), nullptr, false);
    if (!out.header.is_object() || !out.claims.is_object()) return fail(Fault::invalid, "the control is no token");
    const std::size_t dot = control.token.rfind('.');
    out.signature = control.token.substr(dot + 1);
    if (out.signature.empty()) return fail(Fault::invalid, "the control has no signature");
    const auto name = token.header().algorithm;
    const auto algorithm = name ? find_algorithm(*name) : std::nullopt;
    if (!algorithm) return fail(Fault::invalid, "the control is signed with no algorithm that is known");
    out.algorithm_ = *algorithm;
    const KeyType type = info(*algorithm).key;
    auto stranger = keys.of(type == KeyType::hmac ? KeyType::p256 : type);
    if (!stranger) return tl::unexpected(stranger.error());
    out.stranger_ = std::get<PrivateKey>(std::move(*stranger));
    return out;
}

Result<std::string> Forge::sign_text(const std::string& new_header, const std::string& new_claims) const {
    if (!control_->key) return lacks("it needs the private key of the domain");
    return sign_compact(*control_->key, algorithm_, make_signing_input(new_header, new_claims));
}

Result<std::string> Forge::sign(const Json& new_header, const Json& new_claims) const {
    return sign_text(new_header.dump(), new_claims.dump());
}

Result<std::string> Forge::sign_by_stranger(const Json& new_header, const Json& new_claims) const {
    const Algorithm algorithm = info(algorithm_).key == KeyType::hmac ? Algorithm::ES256 : algorithm_;
    Json changed = new_header;
    changed["alg"] = info(algorithm).name;
    return sign_compact(*stranger_, algorithm, make_signing_input(changed.dump(), new_claims.dump()));
}

std::string Forge::hmac(const std::string& key, const Json& new_header, const Json& new_claims) {
    const std::string input = make_signing_input(new_header.dump(), new_claims.dump());
    unsigned char octets[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(input.data()),
         input.size(), octets, &size);
    return input + "." + base64url_encode({reinterpret_cast<const char*>(octets), size});
}

std::string Forge::attach(const Json& new_header, const Json& new_claims, std::string_view octets) {
    return make_signing_input(new_header.dump(), new_claims.dump()) + "." + base64url_encode(octets);
}

std::string Forge::stranger_set() const {
    PublicJwk key{.key = stranger_->public_key(), .metadata = {}};
    if (const auto kid = header.find("kid"); kid != header.end() && kid->is_string())
        key.metadata.kid = kid->get<std::string>();
    key.metadata.use = "sig";
    return write_jwks({key});
}

Result<std::string> Forge::stranger_certificate() const {
    constexpr Seconds kBefore = 3600, kAfter = 86400;
    return self_signed_certificate(*stranger_, "jwtdomain-probe", control_->now - kBefore, control_->now + kAfter);
}

std::string pem_of(const std::string& label, const std::string& der) {
    const std::string text = base64_encode(der);
    std::string out = "-----BEGIN " + label + "-----\n";
    for (std::size_t i = 0; i < text.size(); i += 64) out += text.substr(i, 64) + "\n";
    return out + "-----END " + label + "-----\n";
}

} // namespace jwtdomain::probe::detail
