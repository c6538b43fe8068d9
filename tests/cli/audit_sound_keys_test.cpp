// As audit_sound_test.cpp, where it is keys that were told apart though they are one, or were not seen.
#include <doctest/doctest.h>
#include <openssl/bn.h>

#include "jwtdomain/base/base64url.h"
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
