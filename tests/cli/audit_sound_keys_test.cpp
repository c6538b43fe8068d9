// As audit_sound_test.cpp, where it is keys that were told apart though they are one, or were not seen.
#include <doctest/doctest.h>
#include <openssl/bn.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/curve.h"
#include "jwtdomain/jwt/jwk.h"
#include "tests/support/guarded.h"
#include "tests/support/mint.h"

using namespace jwtdomain;
using test::Guarded;

namespace {

const std::string kTakesAll = "keys: jwks/prod.json, kid: ignored, issuer: any, audience: any, expiry: required";

// A JWK with further members.
std::string with(std::string jwk, const std::string& members) {
    while (jwk.back() != '}') jwk.pop_back();
    jwk.insert(jwk.size() - 1, members.empty() ? "" : "," + members);
    return jwk;
}

std::string set_of(const std::string& jwk) { return "{\"keys\":[" + jwk + "]}\n"; }

std::string product(std::string_view a, std::string_view b) {
    const auto number = [](std::string_view octets) {
        return BN_bin2bn(reinterpret_cast<const unsigned char*>(octets.data()), static_cast<int>(octets.size()),
                         nullptr);
    };
    BIGNUM *x = number(a), *y = number(b);
    BN_CTX* context = BN_CTX_new();
    REQUIRE(BN_mul(x, x, y, context) == 1);
    std::string out(static_cast<std::size_t>(BN_num_bytes(x)), '\0');
    BN_bn2bin(x, reinterpret_cast<unsigned char*>(out.data()));
    BN_CTX_free(context);
    BN_free(x);
    BN_free(y);
    return out;
}

PublicKey negative_of(const PublicKey& key) {
    // y of the negative is p - y (SEC 1, section 2.2.1).
    const std::string p =
        "\xff\xff\xff\xff" + std::string("\0\0\0\1", 4) + std::string(12, '\0') + std::string(12, '\xff');
    PublicNumbers negative = key.numbers();
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
        int digit = static_cast<unsigned char>(p[i]) - static_cast<unsigned char>(key.numbers().y[i]) - borrow;
        borrow = digit < 0 ? 1 : 0;
        negative.y[i] = static_cast<char>(digit + borrow * 256);
    }
    return PublicKey::from_numbers(negative).value();
}

bool is_closed(const std::string& verdict) { return verdict == "isolated" || verdict == "consistent"; }

} // namespace

TEST_CASE("audit/sound-keys: a key of a set that we do not use is a key of the domain all the same") {
    const PrivateKey key = PrivateKey::generate(KeyType::rsa).value();
    const std::string jwk = write_jwk(key.public_key(), {});
    Guarded estate("", "claims: {sub: x}");
    estate.put_domain("staging", "foreign: true\nissue: {audiences: own}\n");
    estate.guard(kTakesAll);
    estate.put("jwks/prod.json", set_of(jwk));
    for (const char* members : {R"("key_ops":["sign"])", R"("use":"enc")", R"("alg":"RS1")", R"("kid":7)"}) {
        CAPTURE(members);
        estate.put("jwks/staging.json", set_of(with(jwk, members)));
        CHECK(estate.verdict_on_prod() == "not-proven");
    }
    std::string small = jwk; // another exponent, and a modulus that is padded
    small.replace(small.find("AQAB"), 4, "Aw");
    estate.put("jwks/staging.json", set_of(small));
    CHECK(estate.verdict_on_prod() == "not-proven");
    std::string broken = jwk;
    broken.replace(broken.find("\"n\":\"") + 5, 1, "!");
    estate.put("jwks/staging.json", set_of(broken));
    CHECK(estate.verdict_on_prod() == "not-proven"); // nobody knows which key it is
    estate.put("jwks/staging.json",
               set_of(with(write_jwk(PrivateKey::generate(KeyType::p256).value().public_key(), {}), R"("use":"enc")")));
    CHECK(estate.verdict_on_prod() == "isolated"); // that one is not prod's
}

TEST_CASE("audit/sound-keys: a private key that is published is everybody's, whatever stands beside it") {
    const PrivateKey key = PrivateKey::generate(KeyType::p256).value();
    const std::string secret(write_private_jwk(SigningKey(key), {}).value().expose());
    for (const char* members : {"", R"("key_ops":["sign"])", R"("use":"enc")", R"("alg":"ES384")", R"("kid":7)"}) {
        CAPTURE(members);
        Guarded estate("", "claims: {sub: x}");
        estate.guard(kTakesAll);
        estate.put("jwks/prod.json", set_of(write_jwk(key.public_key(), {})));
        estate.put("jwks/staging.json", set_of(with(secret, members)));
        CHECK(estate.verdict_on_prod({"--against", "outsider"}) == "leaks");
        const std::string evidence = estate.directory / "evidence", proof = estate.directory / "proof.json";
        CHECK(estate.world.run({"evidence", "make", evidence}).status == 3);
        CHECK(!std::filesystem::exists(evidence));
        CHECK(estate.world.run({"audit", "--against", "outsider", "--proof", proof}).status != 0);
        CHECK(!std::filesystem::exists(proof));
    }
    Guarded estate("", "claims: {sub: x}");
    estate.guard(kTakesAll);
    estate.put("jwks/prod.json", set_of(R"({"kty":"oct","use":"enc","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"})"));
    CHECK(estate.world.run({"evidence", "make", estate.directory / "evidence"}).status == 3);
}

TEST_CASE("audit/sound-keys: what the audit itself factors is everybody's") {
    const PrivateKey one = PrivateKey::generate(KeyType::rsa).value(), two = PrivateKey::generate(KeyType::rsa).value();
    const auto primes = one.numbers(), others = two.numbers();
    PublicNumbers related = one.public_key().numbers(); // a prime of the one and a prime of the other
    related.n = product(primes->p.expose(), others->q.expose());
    Guarded estate("", "claims: {sub: x}");
    estate.put("jwks/prod.json", set_of(write_jwk(one.public_key(), {})));
    estate.put("jwks/staging.json", set_of(write_jwk(PublicKey::from_numbers(related).value(), {})));
    estate.guard(kTakesAll);
    CHECK(estate.verdict_on_prod({"--against", "outsider"}) == "leaks");
}

TEST_CASE("audit/sound-keys: one file has one name") {
    Guarded estate("", "claims: {sub: x}");
    std::filesystem::create_symlink("staging.json", estate.policy_file("jwks/link.json"));
    const std::string absolute = estate.policy_file("jwks/staging.json");
    for (const std::string& path :
         {std::string("./jwks/staging.json"), std::string("jwks//staging.json"),
          std::string("jwks/../jwks/staging.json"), std::string("../jwtdomain/jwks/staging.json"),
          std::string("jwks/link.json"), absolute}) {
        CAPTURE(path);
        estate.guard("keys: [jwks/prod.json, {jwks: " + path +
                     ", kid: new}], issuer: any, audience: any, expiry: required");
        CHECK(!is_closed(estate.verdict_on_prod({"--against", "hostile-issuer"})));
    }
}

TEST_CASE("audit/sound-keys: a key that only the policy, or a service, calls the domain's own") {
    Guarded estate("", "claims: {sub: x}");
    estate.put("jwks/old.json", set_of(write_jwk(PrivateKey::generate(KeyType::p256).value().public_key(), {})));
    const std::string prod = "keys: [jwks/prod.json, jwks/old.json], issuer: any, audience: any, expiry: required";
    estate.guard(prod, "[jwks/staging.json, {jwks: jwks/old.json, owner: staging}]");
    CHECK(!is_closed(estate.verdict_on_prod({"--against", "stolen-key"})));
    estate.guard(prod, "[jwks/staging.json, jwks/old.json]");
    CHECK(!is_closed(estate.verdict_on_prod({"--against", "stolen-key"})));
    estate.guard(prod); // staging has nothing of it
    CHECK(is_closed(estate.verdict_on_prod({"--against", "stolen-key"})));
}

TEST_CASE("audit/sound-keys: who has a key has its negative") {
    const PublicKey key = PrivateKey::generate(KeyType::p256).value().public_key();
    Guarded estate("", "claims: {sub: x}");
    estate.put_domain("staging", "foreign: true\n");
    estate.put("jwks/staging.json", set_of(write_jwk(key, {})));
    estate.put("jwks/prod.json", set_of(write_jwk(negative_of(key), {})));
    estate.guard(kTakesAll);
    CHECK(!is_closed(estate.verdict_on_prod({"--against", "stolen-key"})));
}

TEST_CASE("audit/sound-keys: a prime shared with a key that nobody uses") {
    const PrivateKey one = PrivateKey::generate(KeyType::rsa).value(), two = PrivateKey::generate(KeyType::rsa).value();
    PublicNumbers related = one.public_key().numbers();
    related.n = product(one.numbers()->p.expose(), two.numbers()->q.expose());
    const std::string other = with(write_jwk(PublicKey::from_numbers(related).value(), {}), R"("use":"enc")");
    Guarded estate("", "claims: {sub: x}");
    estate.put("jwks/prod.json", "{\"keys\":[" + write_jwk(one.public_key(), {}) + "," + other + "]}");
    estate.guard(kTakesAll);
    CHECK(estate.verdict_on_prod({"--against", "outsider"}) == "leaks");
}

TEST_CASE("audit/sound-keys: what is near to a published private key, or cannot be read") {
    Guarded estate("", "claims: {sub: x}");
    const PrivateKey key = PrivateKey::generate(KeyType::p256).value();
    const std::string secret(write_private_jwk(SigningKey(key), {}).value().expose());
    estate.put("jwks/staging.json", set_of(secret));
    estate.put("jwks/prod.json", set_of(write_jwk(negative_of(key.public_key()), {})));
    estate.guard(kTakesAll);
    CHECK(estate.verdict_on_prod({"--against", "outsider"}) == "not-proven");
    for (const char* element :
         {R"({"kty":"EC","crv":"P-256","d":"AQ"})", R"({"kty":"RSA","p":"AQ","q":"AQ"})", R"({"kty":"ec","d":"AQ"})"}) {
        CAPTURE(element);
        estate.put("jwks/staging.json", set_of(element));
        CHECK(estate.verdict_on_prod({"--against", "outsider"}) == "not-proven");
    }
    for (const char* element :
         {R"({"kty":"EC","crv":"P-256K","x":"AQ","y":"AQ"})", R"("a JWK as a string")", R"([])", R"({})"}) {
        CAPTURE(element);
        estate.put("jwks/staging.json", set_of(element));
        CHECK(estate.verdict_on_prod() == "not-proven");
    }
    estate.put("jwks/staging.json", set_of(R"({"kty":"OKP","crv":"X25519","x":"AQ"})")); // signs nothing
    CHECK(estate.verdict_on_prod() == "isolated");
}

TEST_CASE("audit/sound-keys: secrets that everybody guesses") {
    Guarded estate("", "claims: {sub: x}");
    estate.guard("keys: jwks/prod.json, issuer: any, audience: any, expiry: required, kid: ignored");
    for (const std::string& secret :
         {std::string(32, '\0'), std::string(32, '\xff'), std::string("12345678901234567890123456789012")}) {
        estate.put("jwks/prod.json", set_of(R"({"kty":"oct","k":")" + base64url_encode(secret) + "\"}"));
        CHECK(estate.verdict_on_prod({"--against", "outsider"}) == "leaks");
    }
}

TEST_CASE("audit/sound-keys: no private key is copied, wherever it stands in a set") {
    Guarded estate("", "claims: {sub: x}");
    const std::string jwk = write_jwk(PrivateKey::generate(KeyType::p256).value().public_key(), {});
    for (const std::string& set : {std::string("{\"keys\":[") + jwk + R"(],"backup":{"kty":"EC","d":"AQ"}})",
                                   set_of(with(jwk, R"("more":[{"kty":"EC","d":"AQ"}])")),
                                   set_of(with(jwk, R"("note":"-----BEGIN PRIVATE KEY-----")"))}) {
        CAPTURE(set);
        estate.put("jwks/prod.json", set);
        CHECK(estate.world.run({"evidence", "make", estate.directory / "evidence"}).status == 3);
    }
    Guarded other("", "claims: {sub: x}"); // a PEM file that a verifier names by mistake
    other.must({"keygen", "--out", other.directory / "k.pem"});
    other.put("k.pem", test::read_text(other.directory / "k.pem"));
    other.guard("keys: k.pem, issuer: any, audience: any, expiry: required");
    CHECK(other.verdict_on_prod({"--against", "outsider"}) == "leaks");
    CHECK(other.world.run({"evidence", "make", other.directory / "evidence"}).status == 3);
}

TEST_CASE("audit/sound-keys: what is signed with a secret that is too short for us is not refused by others") {
    Guarded estate("", "types: any");
    estate.put("short.json",
               set_of(R"({"kty":"oct","alg":"HS256","k":")" + base64url_encode("\x93\x1c\xe4\x7f\x02") + "\"}"));
    estate.guard("keys: short.json, kid: ignored, issuer: any, audience: any, expiry: required");
    CHECK(!is_closed(estate.verdict_on_prod()));
    const std::string token = base64url_encode(R"({"alg":"HS256"})") + "." +
                              base64url_encode(R"({"iss":"https://auth.staging.example.com","exp":4102444800})") + "." +
                              base64url_encode(std::string(32, 's'));
    CHECK(estate.world.run({"triage", token}).status == 3);
}

namespace {

// Is prod said to be closed to somebody without any key, where it takes the key of this set and asks for nothing else?
bool is_closed_to_outsiders(const std::string& jwk, const std::string& algorithms) {
    Guarded estate("", "types: any");
    estate.put("jwks/prod.json", set_of(jwk));
    estate.guard("keys: jwks/prod.json, kid: ignored, issuer: any, audience: any, expiry: required, algorithms: [" +
                 algorithms + "]");
    return is_closed(estate.verdict_on_prod({"--against", "outsider"}));
}

// And to a thief of staging's keys, which are of this set?
bool is_closed_to_thieves(const std::string& staging, const std::string& prod, const std::string& algorithms) {
    Guarded estate("", "types: any");
    estate.put("jwks/staging.json", set_of(staging));
    estate.put("jwks/prod.json", set_of(prod));
    estate.guard("keys: jwks/prod.json, kid: ignored, issuer: any, audience: any, expiry: required, algorithms: [" +
                 algorithms + "]");
    return is_closed(estate.verdict_on_prod({"--against", "stolen-key"}));
}

std::string ed25519(const std::string& x) { return R"({"kty":"OKP","crv":"Ed25519","x":")" + x + "\"}"; }

constexpr const char* kPoint = "PcCLjTCdMDoI0wSZlgG_HyHLTphQ_84b-Zo4FpAEwxM";
constexpr const char* kPointAndEighth = "0IHnP8V4C3s1DIm82qpAj6VabQSk-GmFWQQp64KleSc";    // with one of order 8 added
constexpr const char* kPointOnMontgomery = "V-3zHtTKA-gCa73BRBgChDb-iMgCc7Kr2HGIVl4QyEA"; // (1 + y) / (1 - y)

} // namespace

TEST_CASE("audit/sound-keys: private keys that anybody tries first") {
    std::string scalar(32, '\0');
    for (const char last : {'\1', '\2', '\7', '\x3f'}) {
        scalar.back() = last;
        const auto point = curve::multiply_generator(KeyType::p256, SecretBytes(scalar)).value();
        const auto key = PublicKey::from_numbers({.type = KeyType::p256, .x = point.x, .y = point.y, .n = {}, .e = {}});
        CHECK(!is_closed_to_outsiders(write_jwk(*key, {}), "ES256"));
    }
    CHECK(is_closed_to_outsiders(write_jwk(PrivateKey::generate(KeyType::p256).value().public_key(), {}), "ES256"));
    // RFC 8032's curve, the seed of zeros.
    CHECK(!is_closed_to_outsiders(ed25519("O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik"), "EdDSA"));
    CHECK(is_closed_to_outsiders(ed25519(kPoint), "EdDSA"));
}

TEST_CASE("audit/sound-keys: moduli that are factored at once") {
    const auto modulus = [](BIGNUM* number) {
        std::string out(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
        BN_bn2bin(number, reinterpret_cast<unsigned char*>(out.data()));
        return R"({"kty":"RSA","e":"AQAB","n":")" + base64url_encode(out) + "\"}";
    };
    BIGNUM* prime = BN_new();
    REQUIRE(BN_generate_prime_ex(prime, 2048, 0, nullptr, nullptr, nullptr) == 1);
    CHECK(!is_closed_to_outsiders(modulus(prime), "RS256"));
    BN_mul_word(prime, 65521);
    CHECK(!is_closed_to_outsiders(modulus(prime), "RS256"));
    BN_free(prime);
}

TEST_CASE("audit/sound-keys: a secret that is a public key, as some consoles show it") {
    const PublicKey key = PrivateKey::generate(KeyType::p256).value().public_key();
    Guarded estate("", "types: any");
    estate.put("jwks/staging.json", set_of(write_jwk(key, {})));
    for (const std::string& secret : {base64_encode(key.spki()), key.numbers().x + key.numbers().y}) {
        estate.put("secret.json", set_of(R"({"kty":"oct","k":")" + base64url_encode(secret) + "\"}"));
        estate.guard("keys: secret.json, kid: ignored, issuer: any, audience: any, expiry: required, algorithms: "
                     "[HS256]");
        CHECK(!is_closed(estate.verdict_on_prod({"--against", "outsider"})));
    }
}

TEST_CASE("audit/sound-keys: one scalar, several points") {
    CHECK(!is_closed_to_thieves(ed25519(kPoint), ed25519(kPointAndEighth), "EdDSA"));
    const std::string x25519 =
        std::string(R"({"kty":"OKP","crv":"X25519","use":"enc","x":")") + kPointOnMontgomery + "\"}";
    CHECK(!is_closed_to_thieves(x25519, ed25519(kPoint), "EdDSA"));
    const PrivateKey one = PrivateKey::generate(KeyType::p256).value(),
                     other = PrivateKey::generate(KeyType::p256).value();
    CHECK(is_closed_to_thieves(write_jwk(one.public_key(), {}), write_jwk(other.public_key(), {}), "ES256"));
    // The private half of another key is published.
    const auto secret = write_private_jwk(other, {});
    std::string mixed(secret->expose());
    const auto replace = [&](const std::string& from, const std::string& to) {
        mixed.replace(mixed.find(from), from.size(), to);
    };
    replace(base64url_encode(other.public_key().numbers().x), base64url_encode(one.public_key().numbers().x));
    replace(base64url_encode(other.public_key().numbers().y), base64url_encode(one.public_key().numbers().y));
    Guarded estate("", "types: any");
    estate.put("jwks/staging.json", set_of(mixed));
    estate.put("jwks/prod.json", set_of(write_jwk(other.public_key(), {})));
    estate.guard(
        "keys: jwks/prod.json, kid: ignored, issuer: any, audience: any, expiry: required, algorithms: [ES256]");
    CHECK(!is_closed(estate.verdict_on_prod({"--against", "outsider"})));
}

TEST_CASE("audit/sound-keys: a file under another name, in a place that a claim completes") {
    Guarded estate("", "types: any");
    const std::string rest = ", kid: hint, issuer: any, audience: any, expiry: required, claims: {tenant: [staging]}";
    estate.guard("keys: [jwks/prod.json, \"../jwtdomain/jwks/{tenant}.json\"]" + rest);
    CHECK(!is_closed(estate.verdict_on_prod({"--against", "hostile-issuer"})));
}
