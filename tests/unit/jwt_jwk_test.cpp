#include <doctest/doctest.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/jwk.h"

using namespace jwtdomain;

namespace {

// RFC 7517 appendix A.1, the first key.
const std::string kEcMembers = R"("kty":"EC","crv":"P-256",
    "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")";

std::string ec(const std::string& more) { return "{" + kEcMembers + (more.empty() ? "" : "," + more) + "}"; }
std::string set(const std::string& keys) { return R"({"keys":[)" + keys + "]}"; }

// The only key of a set that is skipped.
SkippedKey skipped(const std::string& key) {
    const Result<JwkSet> parsed = parse_jwks(set(key));
    REQUIRE(parsed);
    CHECK(parsed->keys.empty());
    REQUIRE(parsed->skipped.size() == 1);
    return parsed->skipped[0];
}

Error error_of(const std::string& text) {
    const Result<Jwk> parsed = parse_jwk(text, "key.json");
    REQUIRE_FALSE(parsed);
    return parsed.error();
}

} // namespace

TEST_CASE("jwt/jwk: metadata is read as written") {
    const Result<Jwk> jwk = parse_jwk(ec(R"("kid":"a/..\u0041","alg":"ES256","use":"sig","key_ops":["verify"],
        "issuer":"https://login.microsoftonline.com/{tenantid}/v2.0","iat":1,"nbf":2,"exp":3)"));
    REQUIRE(jwk);
    CHECK(type_of(jwk->key) == KeyType::p256);
    CHECK(jwk->metadata.kid == "a/..A");
    CHECK(jwk->metadata.algorithm == "ES256");
    CHECK(jwk->metadata.use == "sig");
    CHECK(jwk->metadata.key_ops == std::vector<std::string>{"verify"});
    CHECK(jwk->metadata.issuer == "https://login.microsoftonline.com/{tenantid}/v2.0");
    CHECK(jwk->metadata.issued_at == 1);
    CHECK(jwk->metadata.not_before == 2);
    CHECK(jwk->metadata.expires == 3);
    CHECK(may_verify(jwk->metadata));
    CHECK_FALSE(may_sign(jwk->metadata));
    CHECK_FALSE(jwk->had_private_members);
    CHECK(jwk->x5c_key == X5cKey::absent);
}

TEST_CASE("jwt/jwk: a key without alg, use and kid is taken (Entra)") {
    const Result<JwkSet> parsed = parse_jwks(set(ec("")));
    REQUIRE(parsed);
    REQUIRE(parsed->keys.size() == 1);
    CHECK_FALSE(parsed->keys[0].metadata.kid);
    CHECK_FALSE(parsed->keys[0].metadata.algorithm);
}

TEST_CASE("jwt/jwk: keys for encryption in a set are skipped and are no defect (Keycloak)") {
    for (const char* more :
         {R"("use":"enc","alg":"RSA-OAEP","kid":"e1")", R"("use":"enc","kid":"e1")", R"("alg":"ECDH-ES","kid":"e1")",
          R"("key_ops":["wrapKey"],"kid":"e1")", R"("use":"tls","kid":"e1")"}) {
        CAPTURE(more);
        const SkippedKey key = skipped(ec(more));
        CHECK_FALSE(key.defective);
        CHECK(key.kid == "e1");
        CHECK_FALSE(key.why.empty());
    }
    const Result<JwkSet> both = parse_jwks(set(ec(R"("use":"enc")") + "," + ec(R"("use":"sig")")));
    REQUIRE(both);
    CHECK(both->keys.size() == 1);
    CHECK(both->skipped.at(0).index == 0);
}

TEST_CASE("jwt/jwk: unknown key types and curves are skipped and are no defect (RFC 7517 section 5)") {
    CHECK_FALSE(skipped(R"({"kty":"AKP","alg":"ES256","pub":"AA"})").defective);
    CHECK_FALSE(skipped(R"({"kty":"OKP","crv":"X25519","x":"AA"})").defective);
    CHECK_FALSE(skipped(R"({"kty":"EC","crv":"P-192","x":"AA","y":"AA"})").defective);
    CHECK_FALSE(skipped(R"({"kty":"EC","crv":"Ed25519","x":"AA","y":"AA"})").defective);
}

TEST_CASE("jwt/jwk: what is malformed is skipped as defective, and fails alone") {
    const std::string x = R"("x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4")";
    const std::string y = R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")";
    const std::vector<std::string> bad{
        "1",
        "[]",
        "{}",
        R"({"kty":1})",
        R"({"kty":"EC"})",
        R"({"kty":"EC","crv":"P-256"})",
        R"({"kty":"EC","crv":"P-256",)" + x + "}",
        R"({"kty":"EC","crv":"P-256","y":"AA",)" + x + "}",      // too short
        R"({"kty":"EC","crv":"P-256","y":1,)" + x + "}",         //
        R"({"kty":"EC","crv":"P-384",)" + x + "," + y + "}",     // width of another curve
        R"({"kty":"EC","crv":"secp256k1",)" + x + "," + y + "}", // not on that curve
        R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4=",)" + y + "}",
        R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D5",)" + y + "}", // unused bits
        R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D ",)" + y + "}",
        R"({"kty":"EC","crv":"P-256",)" + y + "," + R"("x":"AMKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4")" + "}",
        R"({"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})",
        ec(R"("alg":"RS256")"),
        ec(R"("alg":"ES384")"),
        ec(R"("alg":7)"),
        ec(R"("kid":7)"),
        ec(R"("use":["sig"])"),
        ec(R"("key_ops":"verify")"),
        ec(R"("exp":"tomorrow")"),
        R"({"kty":"RSA","n":"AQAB","e":"AQAB"})", // short
        R"({"kty":"oct"})",
        R"({"kty":"oct","k":""})",
        R"({"kty":"oct","k":"a+b/"})",
        R"({"kty":"OKP","crv":"Ed25519","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})", // order 1
    };
    for (const std::string& key : bad) {
        CAPTURE(key);
        const SkippedKey found = skipped(key);
        CHECK(found.defective);
        CHECK_FALSE(found.why.empty());
        CHECK_FALSE(parse_jwk(key));
        const Result<JwkSet> with_good = parse_jwks(set(key + "," + ec("")));
        REQUIRE(with_good);
        CHECK(with_good->keys.size() == 1);
        CHECK(with_good->skipped.size() == 1);
    }
}

TEST_CASE("jwt/jwk: errors name the place and what is wrong there") {
    const Error broken = error_of("{\n  \"kty\": \"EC\",,");
    CHECK(broken.where.file == "key.json");
    CHECK(broken.where.line == 2);
    CHECK(broken.where.column == 15);
    CHECK(error_of("{}").message == "\"kty\" is missing");
    CHECK(error_of(ec(R"("alg":"HS256")")).message == "its alg is HS256, which does not fit a key of type P-256");
    CHECK(error_of("{\"kty\":\"EC\",\"kty\":\"EC\"}").message == "a name stands twice in one object");
    CHECK(error_of(R"({"kty":"EC","k\u0074y":"EC"})").message == "a name stands twice in one object");
    CHECK(error_of("[]").fault == Fault::invalid);
    CHECK(error_of("-----BEGIN PUBLIC KEY-----").hint.find("PEM") != std::string::npos);
    CHECK(error_of(R"({"kty":"X"})").fault == Fault::unsupported);
    CHECK(error_of(std::string(5 << 20, ' ')).fault == Fault::limit);
}

TEST_CASE("jwt/jwk: sets, bare keys and what is neither") {
    CHECK(parse_jwks(R"({"keys":[]})").value().keys.empty());
    CHECK(parse_jwks(ec("")).value().keys.size() == 1);
    CHECK_FALSE(parse_jwks("{}"));
    CHECK_FALSE(parse_jwks(R"({"keys":{}})"));
    CHECK_FALSE(parse_jwks("[" + ec("") + "]"));
    CHECK_FALSE(parse_jwks(set(ec("")) + set(ec(""))));
    const auto discovery = parse_jwks(R"({"issuer":"https://a","jwks_uri":"https://a/jwks"})");
    REQUIRE_FALSE(discovery);
    CHECK(discovery.error().hint.find("jwks_uri") != std::string::npos);
    const JwkSet twins = parse_jwks(set(ec(R"("kid":"1")") + "," + ec(R"("kid":"1")"))).value();
    CHECK(twins.keys.size() == 2);
}

TEST_CASE("jwt/jwk: a set of more than 10,000 keys is refused") {
    std::string many = "{}";
    for (int i = 0; i < 10'000; ++i) many += ",{}";
    const auto refused = parse_jwks(set(many));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::limit);
}

TEST_CASE("jwt/jwk: private members in a public set are noticed and not kept") {
    const PrivateKey pair = PrivateKey::generate(KeyType::ed25519).value();
    const SecretBytes text = write_private_jwk(pair, {}).value();
    const Jwk jwk = parse_jwk(text.expose()).value();
    CHECK(jwk.had_private_members);
    CHECK(write_jwk(std::get<PublicKey>(jwk.key), {}).find("\"d\"") == std::string::npos);
    CHECK(parse_jwk(ec(R"("d":"not even base64!")")).value().had_private_members);
}

TEST_CASE("jwt/jwk: RSA keys of more than two primes are refused") {
    const PrivateKey pair = PrivateKey::generate(KeyType::rsa).value();
    std::string text = write_jwk(pair.public_key(), {});
    text.insert(1, R"("oth":[],)");
    CHECK(error_of(text).fault == Fault::unsupported);
}

TEST_CASE("jwt/jwk: every type of key comes back as it was written, private and public") {
    const JwkMetadata metadata{.kid = "k\"1",
                               .algorithm = {},
                               .use = "sig",
                               .key_ops = std::vector<std::string>{"sign", "verify"},
                               .issuer = {},
                               .issued_at = {},
                               .not_before = 5,
                               .expires = {}};
    for (const KeyType type : {KeyType::p256, KeyType::p384, KeyType::p521, KeyType::secp256k1, KeyType::ed25519,
                               KeyType::ed448, KeyType::rsa}) {
        CAPTURE(std::string(name_of(type)));
        const PrivateKey pair = PrivateKey::generate(type).value();
        const std::string text = write_jwk(pair.public_key(), metadata);
        const Jwk back = parse_jwk(text).value();
        CHECK(identity_of(back.key) == pair.public_key().identity());
        CHECK(write_jwk(std::get<PublicKey>(back.key), back.metadata) == text);
        CHECK_FALSE(back.had_private_members);

        const SecretBytes secret = write_private_jwk(pair, metadata).value();
        CHECK(secret.expose().substr(0, text.size() - 2) == text.substr(0, text.size() - 2));
        const PrivateJwk both = parse_private_jwk(secret.expose()).value();
        CHECK(write_private_jwk(both.key, both.metadata).value().expose() == secret.expose());
        const std::string signature =
            Signer::make(std::get<PrivateKey>(both.key), default_algorithm(type)).value().sign("x").value();
        CHECK(SignatureVerifier::make(pair.public_key(), default_algorithm(type)).value().verify("x", signature));
        CHECK_FALSE(parse_private_jwk(text));
    }
    const SecretBytes secret = write_private_jwk(HmacKey::generate(32).value(), metadata).value();
    const PrivateJwk hmac = parse_private_jwk(secret.expose()).value();
    CHECK(write_private_jwk(hmac.key, hmac.metadata).value().expose() == secret.expose());
    CHECK(type_of(parse_jwk(secret.expose()).value().key) == KeyType::hmac);
}

TEST_CASE("jwt/jwk: written members stand in a fixed order, a set one key a line") {
    const PublicKey key = std::get<PublicKey>(parse_jwk(ec("")).value().key);
    const std::string one = R"({"kty":"EC","kid":"1","use":"sig","alg":"ES256","crv":"P-256",)"
                            R"("x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
                            R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"})";
    const JwkMetadata metadata{.kid = "1",
                               .algorithm = "ES256",
                               .use = "sig",
                               .key_ops = {},
                               .issuer = {},
                               .issued_at = {},
                               .not_before = {},
                               .expires = {}};
    CHECK(write_jwk(key, metadata) == one + "\n");
    CHECK(write_jwks({}) == "{\"keys\":[]}\n");
    CHECK(write_jwks({{key, metadata}, {key, metadata}}) == "{\"keys\":[\n  " + one + ",\n  " + one + "\n]}\n");
}

TEST_CASE("jwt/jwk: private and public parts must belong together") {
    for (const KeyType type : {KeyType::p256, KeyType::p521, KeyType::ed25519, KeyType::ed448, KeyType::rsa}) {
        CAPTURE(std::string(name_of(type)));
        PrivateKey::Numbers a = PrivateKey::generate(type).value().numbers().value();
        const PrivateKey::Numbers b = PrivateKey::generate(type).value().numbers().value();
        a.pub = b.pub;
        const auto refused = PrivateKey::from_numbers(std::move(a));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == Fault::invalid);
    }
}

TEST_CASE("jwt/jwk: no error about a private key shows its numbers") {
    const PrivateKey pair = PrivateKey::generate(KeyType::p256).value();
    const std::string d = base64url_encode(pair.numbers().value().d.expose());
    const std::string text(write_private_jwk(pair, {}).value().expose());
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        const auto refused = parse_private_jwk(text.substr(0, text.size() - cut));
        if (refused) continue; // only the newline was cut
        for (std::size_t i = 0; i + 8 <= d.size(); ++i) {
            CHECK(refused.error().message.find(d.substr(i, 8)) == std::string::npos);
        }
    }
}
