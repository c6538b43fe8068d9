// KEY-05: that the table is of its sources, and that it is found in whatever spelling a key comes.
#include <fstream>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "jwtdomain/audit/known_keys.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/jwt/known_keys_table.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;

namespace {

nlohmann::json read(const std::string& name) {
    std::ifstream file(std::string(TEST_DATA) + "/" + name);
    REQUIRE(file);
    return nlohmann::json::parse(file);
}

KeyIdentity of_secret(std::string_view secret) {
    return identity_of_key(VerificationKey(HmacKey::from_secret(SecretBytes(secret)).value()));
}

nlohmann::json vector(const nlohmann::json& place) {
    nlohmann::json value = read("vectors/" + place[0].get<std::string>());
    if (place[1].is_array()) {
        for (const nlohmann::json& step : place[1])
            value = step.is_string() ? value[step.get<std::string>()] : value[step.get<std::size_t>()];
        return value;
    }
    for (const nlohmann::json& one : value) {
        if (one["source"] == place[1]) return one["key"];
    }
    FAIL("no such vector: " << place.dump());
    return {};
}

// What a source gives, by the library's own reading of keys.
KeyIdentity identity_of_source(const nlohmann::json& entry) {
    if (entry.contains("secret")) return of_secret(entry["secret"].get<std::string>());
    const nlohmann::json jwk = entry.contains("jwk") ? entry["jwk"] : vector(entry["vector"]);
    return identity_of_key(parse_jwk(jwk.dump()).value());
}

std::string hex(std::string_view octets) {
    std::string out;
    for (const char c : octets) {
        out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
        out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

std::string_view name_found(const KeyIdentity& identity) {
    const KnownKey* const key = find_known_key(identity);
    return key == nullptr ? "none" : key->name;
}

} // namespace

TEST_CASE("audit/known-keys: the table holds the digests of its sources, and nothing else (KEY-05)") {
    const nlohmann::json sources = read("known_keys.json");
    REQUIRE(sources.size() == kKnownKeys.size());
    std::set<std::string> expected;
    for (const nlohmann::json& entry : sources) {
        CAPTURE(entry["name"].get<std::string>());
        const KeyIdentity identity = identity_of_source(entry);
        REQUIRE(find_known_key(identity) != nullptr);
        CHECK(find_known_key(identity)->name == entry["name"].get<std::string>());
        CHECK(find_known_key(identity)->source == entry["source"].get<std::string>());
        for (const std::string& element : identity.own) CHECK(expected.insert(hex(element)).second);
    }
    std::vector<std::string> table;
    for (const KnownDigest& row : kKnownDigests) {
        table.emplace_back(row.digest);
        CHECK(row.key < kKnownKeys.size());
    }
    CHECK(table == std::vector<std::string>(expected.begin(), expected.end())); // in order, each there once
}

TEST_CASE("audit/known-keys: a known key is found under another kid, alg, use and exponent (KEY-05)") {
    nlohmann::json jwk = read("vectors/jwk.json")["RFC 7517 appendix A.1"]["keys"][1];
    CHECK(name_found(identity_of_key(parse_jwk(jwk.dump()).value())) == "the RSA key of RFC 7517 appendix A");
    jwk["kid"] = "prod-2026";
    jwk["alg"] = "PS512";
    jwk["e"] = "AQAD";
    CHECK(name_found(identity_of_key(parse_jwk(jwk.dump()).value())) == "the RSA key of RFC 7517 appendix A");

    // In the certificate of a JWK with another key.
    nlohmann::json liar = nlohmann::json::parse(write_jwk(PrivateKey::generate(KeyType::p256)->public_key(), {}));
    liar["x5c"] = read("vectors/jwk.json")["RFC 7517 appendix B"]["x5c"];
    CHECK(name_found(identity_of_key(parse_jwk(liar.dump()).value())) == "the RSA key of RFC 7517 appendix B");
}

TEST_CASE("audit/known-keys: a known secret is found in every reading (KEY-05)") {
    const std::string secret = "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long";
    for (const std::string& spelling :
         {secret, secret + "\n", base64_encode(secret), base64url_encode(secret), hex(secret), sha256(secret)}) {
        CAPTURE(spelling);
        CHECK(name_found(of_secret(spelling)) == "jwt.io's HS512 secret");
    }
    for (const KnownKey& key : kKnownKeys) CHECK_FALSE((key.name.empty() || key.source.empty()));
    CHECK(name_found(of_secret("signature_hmac_secret_shared_key")) == "the hard-coded key of KubePi");
    CHECK(name_found(of_secret(std::string("secret\0\0", 8))) ==
          "the secret of jwt.io until 2018, and of PyJWT's README");
    CHECK(name_found(of_secret("ThisIsMyCustomSecretKey012345678")) == "the example token key of Nacos");
}

TEST_CASE("audit/known-keys: other keys are not known, however near they come (KEY-05)") {
    for (const KeyType type : {KeyType::p256, KeyType::p521, KeyType::ed25519, KeyType::rsa}) {
        const PublicKey key = PrivateKey::generate(type).value().public_key();
        CHECK(name_found(identity_of_key(VerificationKey(key))) == "none");
    }
    for (const char* secret : {"Secret", "secret.", "your-257-bit-secret", "signature_hmac_secret_shared_kez",
                               "a-string-secret-at-least-256-bits-lon"}) {
        CAPTURE(secret);
        CHECK(name_found(of_secret(secret)) == "none");
    }
    for (int i = 0; i < 50; ++i) CHECK(name_found(of_secret(random_octets(32))) == "none");
    CHECK(name_found(KeyIdentity{}) == "none"); // nothing at all
}
