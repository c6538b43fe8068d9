// The rules about keys: each fires on its defect, not on what comes near to it, and not where there is nothing of its
// kind.
#include "audit_estate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

namespace {

// Staging's and prod's verifiers take secrets that are in no published set.
AuditEstate with_secrets(const std::string& prod, const std::string& staging) {
    AuditEstate estate;
    estate.files["secrets/prod.json"] = key_set({oct("prod-1", prod)});
    estate.files["secrets/staging.json"] = key_set({oct("staging-1", staging)});
    for (const char* name : {"prod", "staging"}) {
        estate.paths[name]["keys"] = std::string("secrets/") + name + ".json";
        estate.paths[name]["algorithms"] = "[HS256]";
    }
    return estate;
}

std::string other_secret() {
    std::string secret = kRandom;
    std::swap(secret.front(), secret.back());
    return secret;
}

// A certificate of the key beside it, until 2026-12-26.
const char* const kCertificate =
    "MIIBbTCCAROgAwIBAgIUK6ForgVA6whQqhXLANEYhswNjEswCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBdDAeFw0yNjExMjYwMDA4"
    "MThaFw0yNjEyMjYwMDA4MThaMAwxCjAIBgNVBAMMAXQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATFPoKRtNU+vuZt/zp3pqm6"
    "3LJ7r/KE1JxHQp84aA5yEpPnAznC85upJUTgyOR0tyNqYHmnDY8Rfo+iHszvPMuso1MwUTAdBgNVHQ4EFgQU5ui1FWHxXRH3EnQ/"
    "XNiStXwQCxowHwYDVR0jBBgwFoAU5ui1FWHxXRH3EnQ/XNiStXwQCxowDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBF"
    "AiEA8zM9xejO5EVG3EYO5aGbru0SI31XLWnFQbFSkJvOO8MCIG62E81/ly4ROH9wKjgKB/E3uiN32+G1V0Ps6CN/yjmI";
std::string certified(const std::string& kid) {
    return p256(kid, "xT6CkbTVPr7mbf86d6aputyye6_yhNScR0KfOGgOchI", "k-cDOcLzm6klRODI5HS3I2pgeacNjxF-j6IezO88y6w",
                R"(,"x5c":[")" + std::string(kCertificate) + R"("])");
}

} // namespace

TEST_CASE("audit/rules/key: a clean estate has no finding, with or without verifiers") {
    AuditEstate estate;
    CHECK(estate.rules() == "");
    estate.paths.clear();
    CHECK(estate.rules() == "");
}

TEST_CASE("audit/rules/key: KEY-01 one key of two domains, whatever it is called") {
    AuditEstate estate;
    estate.files["jwks/staging.json"] = key_set({prod_key("b")});
    CHECK(estate.rules() == "KEY-01");
    CHECK(estate.only("KEY-01").severity == Severity::high); // who steals it crosses
    CHECK(estate.only("KEY-01").attacker == Attacker::stolen_key);
    CHECK(estate.only("KEY-01").domains == std::vector<std::size_t>{0, 1});
    AuditEstate trusted = estate; // an edge never excuses it
    trusted.further = "trust:\n  - {from: prod, to: staging, audience: https://orders.staging.example, scopes: [read],"
                      " reason: r, owner: o, expires: 2030-01-01}\n";
    CHECK(trusted.rules() == "KEY-01");
    AuditEstate open = estate;
    for (const char* field : {"issuer", "audience"}) open.path()[field] = "any";
    open.path().erase("claims");
    CHECK(open.rules() == "AUD-01 CLM-01 ISS-01 ISS-06 KEY-01");
    CHECK(open.only("KEY-01").severity == Severity::critical);
    AuditEstate leaf; // what stands in the certificate is a key of the set, too
    leaf.files["jwks/prod.json"] = key_set({certified("prod-1")});
    leaf.files["jwks/staging.json"] = key_set({p256("staging-1", "xT6CkbTVPr7mbf86d6aputyye6_yhNScR0KfOGgOchI",
                                                    "k-cDOcLzm6klRODI5HS3I2pgeacNjxF-j6IezO88y6w")});
    CHECK(leaf.rules() == "KEY-01");
}

TEST_CASE("audit/rules/key: KEY-01 is silent about one domain, one name, and where there are no public keys") {
    AuditEstate twice; // two places of one domain with one set
    twice.files["jwks/mirror.json"] = twice.files["jwks/staging.json"];
    twice.path()["keys"] = "[jwks/staging.json, jwks/mirror.json]";
    CHECK(twice.rules() == "");
    AuditEstate name;
    name.files["jwks/staging.json"] = key_set({staging_key("prod-1")});
    CHECK(name.rules() == "KEY-03");
    AuditEstate none;
    none.files["jwks/prod.json"] = none.files["jwks/staging.json"] = key_set({});
    CHECK(none.rules() == "");
    CHECK(with_secrets(kRandom, kRandom).rules() == "KEY-02");
}

TEST_CASE("audit/rules/key: KEY-02 one secret of two domains, under any reading") {
    CHECK(with_secrets(kRandom, kRandom).rules() == "KEY-02");
    CHECK(with_secrets(kRandom, kRandom + '\n').rules() == "KEY-02");
    CHECK(with_secrets(kRandom, other_secret()).rules() == "");
    AuditEstate twice = with_secrets(kRandom, other_secret());
    twice.files["secrets/prod.json"] = key_set({oct("prod-1", kRandom), oct("prod-2", kRandom)});
    CHECK(twice.rules() == ""); // in one domain
    CHECK(with_secrets(kRandom, kRandom).only("KEY-02").domains == std::vector<std::size_t>{0, 1});
    CHECK(with_secrets(kRandom, kRandom).only("KEY-02").severity == Severity::high); // nobody publishes it
}

TEST_CASE("audit/rules/key: KEY-02 one secret for several audiences of a domain") {
    AuditEstate estate = with_secrets(kRandom, other_secret());
    const std::string both = "[https://api.staging.example, https://reports.staging.example]";
    estate.domains["staging"]["audiences"] = estate.path()["audience"] = both;
    CHECK(estate.rules() == "KEY-02");
    CHECK(estate.only("KEY-02").severity == Severity::medium); // in one domain
    CHECK(estate.only("KEY-02").domains == std::vector<std::size_t>{1});
    AuditEstate keys; // that only verify
    keys.domains["staging"]["audiences"] = keys.path()["audience"] = both;
    CHECK(keys.rules() == "");
}

TEST_CASE("audit/rules/key: KEY-02 weighs what crosses") {
    AuditEstate estate = with_secrets(kRandom, kRandom);
    estate.files["jwks/prod.json"] = estate.files["jwks/staging.json"] = key_set({oct("k", kRandom)});
    CHECK(estate.rules() == "KEY-02 KEY-07");
    CHECK(estate.only("KEY-02").severity == Severity::critical);
}

TEST_CASE("audit/rules/key: KEY-03 one kid of two keys") {
    AuditEstate estate;
    estate.files["jwks/staging.json"] = key_set({staging_key("prod-1")});
    CHECK(estate.rules() == "KEY-03");
    CHECK(estate.only("KEY-03").severity == Severity::info); // the verifiers keep their keys apart
    AuditEstate pooled = estate;
    pooled.path()["keys"] = "[jwks/staging.json, jwks/prod.json]";
    CHECK(pooled.rules() == "ISS-04 JWK-02 KEY-03");
    CHECK(pooled.only("KEY-03").severity == Severity::high); // by stolen keys
    AuditEstate cached = estate;                             // each by itself
    cached.path()["dialect"] = "{cache: staging}";
    cached.paths["prod"]["dialect"] = "{cache: prod}";
    CHECK(cached.rules() == "KEY-03");
    CHECK(cached.only("KEY-03").severity == Severity::info);
    cached.paths["prod"]["dialect"] = "{cache: staging}"; // and for both
    CHECK(cached.only("KEY-03").severity == Severity::critical);
    estate.paths.clear();
    CHECK(estate.only("KEY-03").severity == Severity::medium);
    AuditEstate same; // one key: another rule
    same.files["jwks/staging.json"] = key_set({prod_key("prod-1")});
    CHECK(same.rules() == "KEY-01");
}

TEST_CASE("audit/rules/key: KEY-04 moduli that share a prime") {
    AuditEstate estate;
    estate.files["jwks/prod.json"] = key_set({rsa("prod-1", 0)});
    estate.files["jwks/staging.json"] = key_set({rsa("staging-1", 1)});
    CHECK(estate.rules() == "KEY-04");
    CHECK(estate.findings().front().severity == Severity::critical);
    estate.files["jwks/staging.json"] = key_set({rsa("staging-1", 2)});
    CHECK(estate.rules() == ""); // coprime, with the same e
    estate.files["jwks/staging.json"] = key_set({staging_key()});
    CHECK(estate.rules() == ""); // one modulus
}

TEST_CASE("audit/rules/key: KEY-05 a key that everybody has") {
    AuditEstate estate;
    estate.files["jwks/staging.json"] = key_set({p256("staging-1", "EVs_o5-uQbTjL3chynL4wXgUg2R9q9UU8I5mEovUf84",
                                                      "kGe5DgSIycKp8w9aJmoHhB1sB3QTugfnRWm5nU_TzsY")}); // jwt.io's
    CHECK(estate.rules() == "KEY-05");
    CHECK(estate.only("KEY-05").severity == Severity::critical);
    CHECK(estate.only("KEY-05").attacker == Attacker::outsider);
    estate.files["jwks/staging.json"] = key_set({third_key("staging-1")});
    CHECK(estate.rules() == "");
    estate.files["jwks/staging.json"] = key_set({});
    CHECK(estate.rules() == "");
}

TEST_CASE("audit/rules/key: KEY-06 keys that can be guessed or computed") {
    AuditEstate words = with_secrets(kRandom, "please-change-this-secret-password");
    CHECK(words.rules() == "KEY-06");
    CHECK(words.only("KEY-06").severity == Severity::critical);                     // anybody signs with it
    CHECK(with_secrets(kRandom, "Qm7#xV2_pL9!tZ4&wR8*yN3^kD6@sF1%").rules() == ""); // random, and printable
    CHECK(with_secrets(kRandom, "Qm7#xV2_").rules() == "KEY-06"); // in no published set, and too short for ours
    CHECK(with_secrets(kRandom, "Qm7#xV2_").only("KEY-06").severity == Severity::high);
    CHECK(with_secrets(kRandom, "secret").only("KEY-06").severity == Severity::critical);
    AuditEstate refused;
    const std::string small =
        R"({"kty":"RSA","kid":"old","e":"AQAB","n":")" + base64url_encode(std::string(128, '\xc5'));
    refused.files["jwks/staging.json"] = key_set({staging_key(), small + R"("})"});
    CHECK(refused.rules() == "KEY-06");
    CHECK(refused.only("KEY-06").subject == "old");
    AuditEstate even; // 65536
    even.files["jwks/staging.json"] =
        key_set({staging_key(), R"({"kty":"RSA","kid":"even","e":"AQAA","n":")" + std::string(kModuli[0]) + R"("})"});
    CHECK(even.rules() == "KEY-06");
    CHECK(even.only("KEY-06").subject == "even");
    AuditEstate off; // the x of one point, and the y of another
    off.files["jwks/staging.json"] = key_set({staging_key(), p256("off", "pTceMW-Bsgx54GgM2tVjRACU9ND21qFzdV4FKLEt85Q",
                                                                  "XjDmwT-NM5t83sRu-oYpPgVijf05JjrR80huAGX7tsQ")});
    CHECK(off.rules() == "KEY-06");
    CHECK(off.only("KEY-06").subject == "off");
    AuditEstate encryption; // none of our business
    encryption.files["jwks/staging.json"] =
        key_set({staging_key(), R"({"kty":"RSA","use":"enc","e":"AQAB","n":"xcXF"})"});
    CHECK(encryption.rules() == "");
}

TEST_CASE("audit/rules/key: KEY-07 secrets in a published set") {
    AuditEstate estate;
    estate.files["jwks/staging.json"] =
        key_set({staging_key("staging-1", R"(,"d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")")});
    CHECK(estate.rules() == "KEY-07");
    CHECK(estate.only("KEY-07").severity == Severity::critical);
    CHECK(with_secrets(kRandom, other_secret()).rules() == ""); // outside of the published sets
    estate.files["jwks/staging.json"] = key_set({staging_key(), oct("mac", kRandom)});
    CHECK(estate.only("KEY-07").severity == Severity::high); // no path takes it
}

TEST_CASE("audit/rules/key: KEY-08 one client key for two domains") {
    const std::string header = R"({"alg":"ES256","kid":"k"})";
    const auto bound = [](const std::string& name, const std::string& key) {
        return AuditEstate::claims(name, R"(,"cnf":{"jkt":")" + key + R"("})");
    };
    AuditEstate estate;
    estate.add_token(header, bound("prod", "AAA"));
    CHECK(estate.rules() == "");
    AuditEstate one = estate;
    one.add_token(header, bound("prod", "AAA"));
    CHECK(one.rules() == ""); // two tokens of one domain
    estate.add_token(header, bound("staging", "AAA"));
    CHECK(estate.rules() == "KEY-08");
    CHECK(estate.only("KEY-08").domains == std::vector<std::size_t>{0, 1});
    AuditEstate certificates; // RFC 8705
    for (const char* name : {"prod", "staging"})
        certificates.add_token(header, AuditEstate::claims(name, R"(,"cnf":{"x5t#S256":"AAA"})"));
    CHECK(certificates.rules() == "KEY-08");
    CHECK(certificates.only("KEY-08").subject == "x5t#S256 AAA");
    AuditEstate mixed; // a thumbprint is not that of a certificate
    mixed.add_token(header, bound("prod", "AAA"));
    mixed.add_token(header, AuditEstate::claims("staging", R"(,"cnf":{"x5t#S256":"AAA"})"));
    CHECK(mixed.rules() == "");
    AuditEstate unbound;
    unbound.add_token(header, AuditEstate::claims("prod"));
    unbound.add_token(header, AuditEstate::claims("staging"));
    CHECK(unbound.rules() == "");
}

TEST_CASE("audit/rules/key: KEY-09 a key that has ended") {
    AuditEstate estate;
    estate.files["jwks/staging.json"] = key_set({staging_key("staging-1", R"(,"exp":1600000000)")});
    CHECK(estate.rules() == "KEY-09");
    estate.files["jwks/staging.json"] = key_set({staging_key("staging-1", R"(,"exp":1800000000)")});
    CHECK(estate.rules() == "");
    estate.files["jwks/staging.json"] = key_set({certified("staging-1")});
    CHECK(estate.rules() == "");
    estate.now = 1'900'000'000;
    CHECK(estate.rules() == "KEY-09");
    CHECK(estate.only("KEY-09").message.find("2026-12-26") != std::string::npos);
    estate.path()["keys"] = "{jwks: jwks/staging.json, kid: other}"; // no path takes it
    CHECK(estate.rules() == "");
}

TEST_CASE("audit/rules/key: KEY-09 a key that signs for longer than its domain lets one") {
    AuditEstate estate;
    estate.now = 1'700'000'000;
    const auto with = [&](const std::string& times) {
        estate.files["jwks/staging.json"] = key_set({staging_key("staging-1", times)});
        return estate.rules();
    };
    const std::string old = R"(,"iat":1692223999)", young = R"(,"iat":1692224000)"; // 90 days and a second, and 90 days
    CHECK(with(old) == "");
    estate.domains["staging"]["rotation"] = "{every: 90d}";
    CHECK(with(young) == "");
    CHECK(with(old) == "KEY-09");
    CHECK(estate.only("KEY-09").message.find("rotation.every") != std::string::npos);
    CHECK(with(old + R"(,"nbf":1692224000)") == "");
    CHECK(with(old + R"(,"exp":1700000600)") == ""); // its successor signs, and it waits for its last tokens
    CHECK(with("") == "");
}

TEST_CASE("audit/rules/key: KEY-10 one key under algorithms of two families") {
    AuditEstate estate;
    const auto put = [&](std::size_t second) {
        estate.files["jwks/staging.json"] =
            key_set({rsa("a", 0, R"(,"alg":"RS256")"), rsa("b", second, R"(,"alg":"PS256")")});
    };
    put(0);
    CHECK(estate.rules() == "KEY-10");
    put(2);
    CHECK(estate.rules() == ""); // two keys
    estate.files["jwks/staging.json"] = key_set({rsa("a", 0)});
    estate.path()["algorithms"] = "[RS256]";
    CHECK(estate.rules() == "");
    estate.path()["algorithms"] = "[RS256, PS256]";
    CHECK(estate.rules() == "KEY-10");
}
