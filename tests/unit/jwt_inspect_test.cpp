#include <doctest/doctest.h>

#include <random>

#include "../support/shapes.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/jwt/inspect.h"
#include "jwtdomain/jwt/names.h"
#include "jwtdomain/jwt/redact.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/jwt/unwrap.h"

using namespace jwtdomain;
using inspect::Form;
using inspect::Payload;
using inspect::Token;
using test::shaped;

namespace {

constexpr Time kNow = 1'700'000'000;
const std::string kHeader = R"({"alg":"ES256","kid":"k1","typ":"at+jwt"})";
const std::string kClaims =
    R"({"iss":"https://a.example","aud":"b","sub":"c","jti":"1","iat":1700000000,"nbf":1700000000,"exp":1700000300})";

Token look(std::string_view text) { return inspect::inspect_compact(text, {.now = kNow}); }

std::string codes(const Token& token) {
    std::string out;
    for (const Finding& finding : token.findings)
        out += (out.empty() ? "" : " ") + std::string(info(finding.reason).code);
    return out;
}

std::string with_header(const std::string& header) { return codes(look(shaped(header, kClaims, 64))); }
std::string with_claims(const std::string& claims) { return codes(look(shaped(kHeader, claims, 64))); }
// The good claims with one text replaced.
std::string changed(const std::string& from, const std::string& to) {
    std::string claims = kClaims;
    REQUIRE(claims.find(from) != std::string::npos);
    return with_claims(claims.replace(claims.find(from), from.size(), to));
}
std::string detail(const Token& token, Reason reason) {
    for (const Finding& finding : token.findings) {
        if (finding.reason == reason) return finding.detail;
    }
    return "not found";
}

} // namespace

TEST_CASE("jwt/inspect: a good token has nothing odd") {
    const Token token = look(shaped(kHeader, kClaims, 64));
    CHECK(codes(token) == "");
    CHECK(token.form == Form::jws);
    CHECK(token.kind == "access token (RFC 9068)");
    CHECK(token.header.json == kHeader);
    CHECK(token.header.whole);
    CHECK(token.claims.json == kClaims);
    CHECK(token.payload == Payload::claims);
    CHECK(token.signature_size == 64);
    CHECK(token.key.kid == "k1");
    CHECK(token.key.algorithm == "ES256");
    CHECK(token.expires == 1700000300);
    CHECK(token.decoded());
    CHECK(token.fingerprint == fingerprint(base64url_encode(kHeader) + "." + base64url_encode(kClaims)));
}

TEST_CASE("jwt/inspect: tokens of real issuers are recognised, and what is usual there is no anomaly") {
    const Token keycloak = look(test::keycloak_token());
    CHECK(keycloak.kind == "access token");
    CHECK(keycloak.issuer_kind == "Keycloak, realm shop");
    CHECK(codes(keycloak) == "nbf-missing");
    const Token entra = look(test::entra_token());
    CHECK(entra.issuer_kind == "Entra, tenant 9188040d-6c67-4c5b-b112-36a304b66dad");
    CHECK(codes(entra) == "jti-missing");
    CHECK(entra.key.x5t == "L1KfKFI_jnXbwWc22xZxw1sUHH0");
    const Token kubernetes = look(test::kubernetes_token());
    CHECK(kubernetes.kind == "Kubernetes service account token");
    CHECK(kubernetes.issuer_kind == "Kubernetes");
    CHECK(codes(kubernetes) == "lifetime-exceeded");
    const Token cognito = look(test::cognito_token());
    CHECK(cognito.issuer_kind == "Cognito, pool eu-west-1_AbCdEfGhI");
    CHECK(codes(cognito) == "aud-missing nbf-missing"); // and its kid, base64 with '/' and '+', is not suspicious
}

TEST_CASE("jwt/inspect: kinds of tokens by typ and claims") {
    const auto kind = [](const std::string& header, const std::string& claims) {
        return look(shaped(header, claims, 64)).kind;
    };
    CHECK(kind(R"({"typ":"application/AT+JWT"})", "{}") == "access token (RFC 9068)");
    CHECK(kind(R"({"typ":"dpop+jwt"})", "{}") == "DPoP proof (RFC 9449)");
    CHECK(kind("{}", R"({"htm":"GET","htu":"https://a"})") == "DPoP proof (RFC 9449)");
    CHECK(kind("{}", R"({"token_use":"id"})") == "ID token (OpenID Connect)");
    CHECK(kind("{}", R"({"nonce":"n"})") == "ID token (OpenID Connect)");
    CHECK(kind("{}", R"({"typ":"Offline"})") == "refresh token");
    CHECK(kind("{}", R"({"sub":"spiffe://example.org/a"})") == "JWT-SVID (SPIFFE)");
    CHECK(kind("{}", R"({"a":1})") == "");
    CHECK(look(shaped(R"({"alg":"ES256","typ":"dpop+jwt","jwk":{}})",
                      R"({"htm":"GET","htu":"https://a","jti":"1","iat":1700000000})", 64))
              .findings.empty()); // such a proof has neither exp nor aud, and brings its key
}

TEST_CASE("jwt/inspect: what is odd about a header") {
    CHECK(with_header(R"({"typ":"JWT"})") == "alg-missing");
    CHECK(with_header(R"({"alg":5})") == "alg-missing");
    for (const char* const none : {"none", "None", "NONE", "nOnE", " none"}) {
        CHECK(with_header(R"({"alg":")" + std::string(none) + R"("})") == "alg-none");
    }
    CHECK(with_header(R"({"alg":"XY256"})") == "alg-unknown");
    CHECK(with_header(R"({"alg":"RSA-OAEP"})") == "alg-unknown");
    CHECK(with_header(R"({"alg":"EdDSA"})") == "");
    CHECK(with_header(R"({"alg":"ES256","kid":7})") == "kid-malformed");
    CHECK(with_header(R"({"alg":"ES256","typ":7})") == "typ-malformed");
    CHECK(with_header(R"({"alg":"ES256","crit":["x"],"x":1})") == "crit-unknown");
    CHECK(with_header(R"({"alg":"ES256","crit":[]})") == "crit-malformed");
    CHECK(with_header(R"({"alg":"ES256","b64":false})") == "b64-false");
    CHECK(with_header(R"({"alg":"ES256","zip":"DEF"})") == "zip-present");
    CHECK(with_header(R"({"alg":"ES256","jku":"https://e"})") == "header-jku");
    CHECK(with_header(R"({"alg":"ES256","x5u":"https://e"})") == "header-x5u");
    CHECK(with_header(R"({"alg":"ES256","x5c":["MIIB"]})") == "header-x5c");
    CHECK(with_header(R"({"alg":"ES256","jwk":{}})") == "header-jwk");
    CHECK(with_header(R"({"alg":"ES256","alg":"none"})") == "header-duplicate-name alg-none");
    CHECK(with_header("[]") == "header-not-object");
    CHECK(with_header("{\"alg\":\"ES256\"") == "header-not-json");
}

TEST_CASE("jwt/inspect: kids that attack who looks them up") {
    for (const char* const kid : {"../../dev/null", "/etc/passwd", "..\\\\x", "https://e/k", "x' OR 1=1", "a;b", "a|b",
                                  "$(id)", "k\\u0000", "k\\u001b", "k\\u200b"}) {
        CAPTURE(kid);
        CHECK(with_header(R"({"alg":"ES256","kid":")" + std::string(kid) + R"("})") == "kid-suspicious");
    }
    for (const char* const kid : {"k1", "2024-01-01", "did:example:1#key-1", "a/b", "user@example.com",
                                  "/b/1Gk+uTzWn2eYx8aQ0rLpD5mJ7cHsF3iOvN4yZqKU="}) {
        CAPTURE(kid);
        CHECK(with_header(R"({"alg":"ES256","kid":")" + std::string(kid) + R"("})") == "");
    }
}

TEST_CASE("jwt/inspect: signatures that cannot be of the algorithm") {
    CHECK(codes(look(shaped(kHeader, kClaims, 64))) == "");
    CHECK(codes(look(shaped(kHeader, kClaims, 70))) == "signature-length");
    CHECK(codes(look(shaped(kHeader, kClaims, 0))) == "signature-missing");
    CHECK(codes(look(shaped(R"({"alg":"RS256"})", kClaims, 256))) == "");
    CHECK(codes(look(shaped(R"({"alg":"RS256"})", kClaims, 128))) == "signature-length");
    CHECK(codes(look(shaped(R"({"alg":"EdDSA"})", kClaims, 114))) == "");
    CHECK(codes(look(shaped(R"({"alg":"EdDSA"})", kClaims, 65))) == "signature-length");
    CHECK(codes(look(shaped(R"({"alg":"none"})", kClaims, 0))) == "alg-none");
}

TEST_CASE("jwt/inspect: what is odd about claims") {
    CHECK(with_claims("{}") == "iss-missing aud-missing exp-missing iat-missing sub-missing jti-missing nbf-missing");
    CHECK(changed(R"("https://a.example")", R"(["https://a.example"])") == "iss-malformed");
    CHECK(changed(R"("aud":"b")", R"("aud":[])") == "aud-empty");
    CHECK(changed(R"("aud":"b")", R"("aud":"")") == "aud-empty");
    CHECK(changed(R"("aud":"b")", R"("aud":[1])") == "aud-malformed");
    CHECK(changed(R"("sub":"c")", R"("sub":"c","sub":"d")") == "claims-duplicate-name");
    CHECK(changed(R"("sub":"c")", R"("scope":7,"sub":"c")") == "scope-malformed");
    CHECK(changed("\"sub\":\"c\"", "\"sub\":\"\xff\"") == "claims-invalid-utf8");
    CHECK(with_claims("[1]") == "claims-not-object");
    CHECK(with_claims("plain text") == "claims-not-json");
    const Token twice = look(shaped(kHeader, R"({"sub":"alice","sub":"admin"})", 64));
    CHECK(detail(twice, Reason::claims_duplicate_name) == R"("sub" is "alice" and "admin")");
}

TEST_CASE("jwt/inspect: times") {
    CHECK(changed("1700000300", "1699999999") == "expired lifetime-negative");
    CHECK(changed("1700000300", "1700000000") == "expired");
    CHECK(changed("1700000300", "1700086401") == "lifetime-exceeded");
    CHECK(changed("1700000300", "\"1700000300\"") == "exp-malformed");
    CHECK(changed("1700000300", "-1") == "exp-negative");
    CHECK(changed("1700000300", "1700000300.5") == "");
    CHECK(changed("\"nbf\":1700000000", "\"nbf\":1700000001") == "not-yet-valid");
    CHECK(changed("\"nbf\":1700000000", "\"nbf\":null") == "nbf-malformed");
    CHECK(changed("\"iat\":1700000000", "\"iat\":1700000001") == "iat-future");
    CHECK(changed("\"iat\":1700000000", "\"iat\":true") == "iat-malformed");
    CHECK(changed("\"iat\":1700000000,", "") == "iat-missing");
    for (const char* const far :
         {"9223372036854775807", "-9223372036854775808", "1e300", "1e400", "-1e400", "1e-400"}) {
        CAPTURE(far);
        CHECK(changed("1700000300", far) != "");
        CHECK(changed("\"iat\":1700000000", "\"iat\":" + std::string(far)) != "the sums must not overflow");
    }
    std::string claims = kClaims;
    claims.replace(claims.find("1700000300"), 10, "1700000300000");
    CHECK(detail(look(shaped(kHeader, claims, 64)), Reason::lifetime_exceeded).find("milliseconds") !=
          std::string::npos);
}

TEST_CASE("jwt/inspect: secrets and tokens in claims") {
    const auto with = [](const std::string& member) {
        return look(shaped(kHeader, "{" + member + "," + kClaims.substr(1), 64));
    };
    CHECK(codes(with(R"("password":"hunter22")")) == "secret-in-claims");
    CHECK(codes(with(R"("a":[{"client-Secret":"hunter22"}])")) == "secret-in-claims");
    CHECK(codes(with(R"("k":"-----BEGIN EC PRIVATE KEY-----\nAA")")) == "secret-in-claims");
    CHECK(codes(with(R"("cnf":{"jwk":{"kty":"EC","d":"AA"}})")) == "secret-in-claims");
    CHECK(codes(with(R"("k":"AKIAIOSFODNN7EXAMPLE")")) == "secret-in-claims");
    CHECK(codes(with(R"("password":true,"secret":"","pwd_exp":"2024-01-01","token_use":"access")")) == "");
    const Token token = with("\"tokens\":{\"id\":\"" + shaped(kHeader, kClaims, 64) + "\"}");
    CHECK(detail(token, Reason::nested_token) == "claim \"tokens/id\" holds a token");
}

TEST_CASE("jwt/inspect: the key of the sender that a token is bound to") {
    const auto bound = [](const std::string& cnf) { return look(shaped(kHeader, R"({"cnf":)" + cnf + "}", 64)).key; };
    CHECK(bound(R"({"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"})").bound_jkt ==
          "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    CHECK(bound(R"({"x5t#S256":"AA"})").bound_x5t == "AA");
    // RFC 9449 section 4.1: the key of its proof, and the thumbprint in section 6.1
    CHECK(bound(R"({"jwk":{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",)"
                R"("y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}})")
              .bound_jkt == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    CHECK(bound("7").bound_jkt.empty());
}

TEST_CASE("jwt/inspect: forms") {
    const std::string h = base64url_encode(kHeader), p = base64url_encode(kClaims),
                      s = base64url_encode(std::string(64, 's'));
    CHECK(look(h + ".." + s).form == Form::jws_detached);
    CHECK(look(h + ".." + s).payload == Payload::detached);
    CHECK(codes(look(h + ".." + s)) == "");
    const Token jwe =
        look(base64url_encode(R"({"alg":"RSA-OAEP","enc":"A256GCM","zip":"DEF","kid":"e"})") + ".a.b.c.d");
    CHECK(jwe.form == Form::jwe);
    CHECK(jwe.payload == Payload::encrypted);
    CHECK(jwe.key.kid == "e");
    CHECK(codes(jwe) == "token-encrypted");
    CHECK(jwe.fingerprint.empty());
    const Token glued = look(h + "." + p + "." + s + "." + p + "." + s);
    CHECK(glued.form == Form::fragment);
    CHECK(codes(glued) == "token-parts");
    CHECK(look(h).payload == Payload::unread);
    CHECK(codes(look(h)) == "token-parts");
    CHECK(look("jdr1.prod.f.1.secret.crc").form == Form::refresh);
    CHECK(codes(look("jdr1.prod.f.1.secret.crc")) == "token-is-refresh");
    CHECK(look(h + "." + base64url_encode("hello") + "." + s).payload == Payload::other);
    CHECK(look(h + "..").payload == Payload::empty);
}

TEST_CASE("jwt/inspect: tokens in tokens, as deep as is sensible") {
    std::string text = shaped(kHeader, kClaims, 64);
    const Token one = look(shaped(R"({"alg":"RS256","cty":"JWT"})", text));
    CHECK(codes(one) == "nested-token");
    CHECK(one.payload == Payload::token);
    REQUIRE(one.inner.size() == 1);
    CHECK(one.inner[0].key.kid == "k1");
    CHECK(look(shaped(R"({"alg":"RS256"})", "\"" + text + "\"")).inner.size() == 1); // as a JSON string
    for (int i = 0; i < 8; ++i) text = shaped(R"({"alg":"RS256","cty":"JWT"})", text);
    Token deep = look(text);
    std::size_t depth = 0;
    while (!deep.inner.empty()) {
        Token inner = std::move(deep.inner[0]);
        deep = std::move(inner);
        ++depth;
    }
    CHECK(depth == 4);
    CHECK(detail(deep, Reason::nested_token) == "it is nested too deep to be shown");
}

TEST_CASE("jwt/inspect: an SD-JWT with its disclosures and its key binding") {
    const std::string name = base64url_encode(R"(["salt","name","Alice"])"),
                      stray = base64url_encode(R"(["salt","role","admin"])");
    const std::string jws = shaped(R"({"alg":"ES256","typ":"dc+sd-jwt"})",
                                   R"({"iat":1700000000,"_sd":[")" + sd_digest("sha-256", name) + R"(","decoy"]})", 64);
    const Token plain = look(jws + "~" + name + "~");
    CHECK(plain.form == Form::sd_jwt);
    CHECK(codes(plain) == "");
    REQUIRE(plain.disclosed);
    CHECK(plain.disclosed->disclosures[0].place == "/name");
    CHECK(plain.disclosed->undisclosed == 1);
    CHECK(codes(look(jws + "~" + name + "~" + stray + "~")) == "disclosure-unreferenced");
    CHECK(codes(look(jws + "~" + name)) == "disclosure-malformed"); // no ~ at the end
    const std::string presented = jws + "~" + name + "~";
    const auto binding = [&](const std::string& hash) {
        return shaped(R"({"alg":"ES256","typ":"kb+jwt"})",
                      R"({"iat":1700000000,"aud":"v","nonce":"n","sd_hash":")" + hash + R"("})", 64);
    };
    const Token bound = look(presented + binding(sd_digest("sha-256", presented)));
    CHECK(bound.key_binding_covers == true);
    REQUIRE(bound.key_binding.size() == 1);
    CHECK(codes(bound.key_binding[0]) == "");
    CHECK(look(presented + binding("other")).key_binding_covers == false);
}

TEST_CASE("jwt/inspect: JWS and JWE in JSON serialization") {
    const std::string h = base64url_encode(kHeader), p = base64url_encode(kClaims),
                      s = base64url_encode(std::string(64, 's'));
    const auto json = [](const std::string& text) { return inspect::inspect_json(text, {.now = kNow}); };
    const Token flat =
        json(R"({"payload":")" + p + R"(","protected":")" + h + R"(","header":{"x":1},"signature":")" + s + R"("})");
    CHECK(flat.form == Form::jws_json);
    CHECK(codes(flat) == "token-serialization");
    CHECK(flat.claims.json == kClaims);
    CHECK(flat.key.kid == "k1");
    CHECK(flat.fingerprint == look(shaped(kHeader, kClaims, 64)).fingerprint);
    REQUIRE(flat.signatures.size() == 1);
    CHECK(flat.signatures[0].unprotected.json == R"({"x":1})");
    const Token general = json(R"({"payload":")" + p + R"(","signatures":[{"protected":")" + h + R"(","signature":")" +
                               s + R"("},{"header":{"alg":"none"},"signature":""}]})");
    CHECK(general.signatures.size() == 2);
    CHECK(codes(general) == "token-serialization alg-none");
    CHECK(detail(general, Reason::alg_none) == "signature 2");
    CHECK(codes(json(R"({"payload":"","signatures":[]})")) == "token-serialization signature-missing");
    const Token jwe = json(
        R"({"protected":"eyJlbmMiOiJBMTI4Q0JDLUhTMjU2In0","recipients":[{"header":{"alg":"RSA1_5","kid":"r"},"encrypted_key":"AA"}],"iv":"AA","ciphertext":"AA","tag":"AA"})"); // after RFC 7516 A.4
    CHECK(jwe.form == Form::jwe_json);
    CHECK(jwe.header.json == R"({"enc":"A128CBC-HS256"})");
    CHECK(jwe.payload == Payload::encrypted);
    for (const char* const odd :
         {R"({"payload":7,"signature":7})", R"({"payload":"!","signatures":7})",
          R"({"payload":[],"signatures":[7,null]})", R"({"ciphertext":1,"recipients":{}})", "[]", "", "{"}) {
        CHECK(!json(odd).findings.empty());
    }
}

TEST_CASE("jwt/inspect: broken tokens are read as far as they can be, with the place") {
    const std::string whole = shaped(kHeader, kClaims, 64);
    const std::size_t dot = whole.find('.');
    const Token cut = look(whole.substr(0, dot + 61));
    CHECK(cut.payload == Payload::claims);
    CHECK(cut.claims.json == R"({"iss":"https://a.example","aud":"b"})");
    CHECK(!cut.claims.whole);
    CHECK(detail(cut, Reason::token_parts) == "it breaks off in the claims, after character 60");
    CHECK(codes(look(whole.substr(0, dot + 60))) == "token-parts");
    CHECK(codes(cut) == "token-parts claims-not-json"); // what may follow is not said to be missing
    std::string damaged = whole;
    damaged[dot + 61] = '!';
    const Token spoilt = look(damaged);
    CHECK(spoilt.claims.json == R"({"iss":"https://a.example","aud":"b"})");
    CHECK(detail(spoilt, Reason::encoding_character) == "in the claims, character 61");
    const Token deep =
        look(shaped(kHeader, R"({"iss":"a","x":)" + std::string(100000, '[') + std::string(100000, ']') + "}", 64));
    CHECK(codes(deep) == "claims-too-deep");
    CHECK(deep.claims.json == R"({"iss":"a"})");
    const Token padded = look(base64url_encode(kHeader) + "=." + base64url_encode(kClaims) + "." +
                              base64url_encode(std::string(64, 's')));
    CHECK(padded.header.json == kHeader);
    CHECK(codes(padded) == "encoding-padding");
}

TEST_CASE("jwt/inspect: of a huge token the beginning is read") {
    const std::string text = shaped(kHeader, R"({"iss":"a","pad":")" + std::string(8u << 20, 'x') + R"("})", 64);
    const Token token = look(text);
    CHECK(token.size == text.size());
    CHECK(codes(token) == "token-too-large");
    CHECK(token.claims.json == R"({"iss":"a"})");
    CHECK(!token.fingerprint.empty());
    CHECK(codes(look(std::string(8u << 20, 'e'))) == "token-too-large");
    CHECK(codes(inspect::inspect_json("{" + std::string(2u << 20, ' ') + "}", {.now = kNow})) ==
          "token-too-large token-serialization");
}

TEST_CASE("jwt/inspect: damaged input of every form never fails, and never shows a signature") {
    const std::string h = base64url_encode(kHeader), p = base64url_encode(kClaims),
                      s = base64url_encode(std::string(64, 's'));
    const std::string disclosure = base64url_encode(R"(["salt","name","Alice"])");
    const std::string seeds[] = {
        test::keycloak_token(),
        h + "." + p + "." + s,
        h + ".." + s,
        h + "." + p + ".",
        base64url_encode(R"({"alg":"dir","enc":"A128GCM"})") + "..b.c.d",
        shaped(kHeader, h + "." + p + "." + s, 64),
        h + "." + base64url_encode(R"({"_sd":[")" + sd_digest("sha-256", disclosure) + R"("]})") + "." + s + "~" +
            disclosure + "~" + h + "." + p + "." + s,
        R"({"payload":")" + p + R"(","signatures":[{"protected":")" + h + R"(","signature":")" + s + R"("}]})",
        "Cookie: a=" + h + "." + p + "." + s + "; b=c",
        base64_encode(h + "." + p + "." + s)};
    std::mt19937 random(20261123); // NOLINT: the same damage in each run
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    std::size_t decoded = 0;
    for (int round = 0; round < 6000; ++round) {
        std::string text = seeds[below(std::size(seeds))];
        for (std::size_t times = 1 + below(4); times > 0 && !text.empty(); --times) {
            const std::size_t at = below(text.size());
            switch (below(6)) {
            case 0: text[at] = static_cast<char>(random()); break;
            case 1: text.erase(at, 1 + below(12)); break;
            case 2: text.insert(at, text.substr(below(text.size()), 1 + below(60))); break;
            case 3: text.resize(at); break;
            case 4: text.insert(at, 1, ".~%={\"\n\\e"[below(9)]); break;
            default: text[at] = ".~%={\" eA"[below(9)]; break;
            }
        }
        const auto unwrapped = unwrap_token(text);
        if (!unwrapped) continue;
        const Token token = unwrapped->form == Unwrapped::Form::json
                                ? inspect::inspect_json(unwrapped->token, {.now = kNow})
                                : inspect::inspect_compact(unwrapped->token, {.now = kNow});
        decoded += token.decoded() ? 1 : 0;
        for (const std::string* part : {&token.header.json, &token.claims.json}) {
            json::Document document;
            const auto problem = document.parse(*part, {.duplicates = json::Duplicates::last});
            CHECK((part->empty() || !problem));
            CHECK(redact_json(redact_json(*part)) == redact_json(*part));
        }
    }
    CHECK(decoded > 3000); // the damage is not so great that nothing is tested
}

TEST_CASE("jwt/names: no name is explained twice, and explanations are short") {
    for (const auto table : {claim_names(), header_names()}) {
        for (std::size_t i = 0; i < table.size(); ++i) {
            CAPTURE(table[i].name);
            CHECK(table[i].meaning.size() <= 18);
            CHECK(!table[i].source.empty());
            for (std::size_t j = 0; j < i; ++j) CHECK(table[i].name != table[j].name);
        }
    }
    CHECK(find_claim_name("exp")->shape == NameShape::time);
    CHECK(find_claim_name("nothing") == nullptr);
    CHECK(find_header_name("kid")->meaning == "name of the key");
    CHECK(find_header_name("iss")->meaning == "issuer"); // replicated in a JWE's header (RFC 7519 section 5.3)
}
