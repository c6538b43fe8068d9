#include "gateway_exported.h"

using namespace jwtdomain;
using namespace jwtdomain::gateway::test;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("gateway/export/envoy: each field, and every loss by its name") {
    const std::string text = text_of({}, "envoy");
    CHECK(has(text, "    issuer: \"https://auth.prod.example\"\n    audiences: [\"https://api.prod.example\"]\n"));
    CHECK(has(text, "    require_expiration: true\n    max_lifetime: 600s\n    clock_skew_seconds: 30\n"));
    CHECK(has(text, R"(\"alg\":\"ES256\")"));
    CHECK(lost({}, "envoy") == "audience claims domain further-audiences issued-at lifetime reading type");
    CHECK(lost(Exporting().with("leeway", "0s").with("claims", "{domain: none}").with("required", "[]"), "envoy") ==
          "audience further-audiences issued-at leeway reading type");
    CHECK(!has(lost(Exporting().with("types", "any").with("claims", "{domain: none}"), "envoy"), "type"));
}

TEST_CASE("gateway/export/envoy: only keys that tokens may be signed with, each with its algorithm") {
    Exporting what;
    what.keys.push_back(jwk(KeyType::secp256k1, "k")); // one that it does not know spoils the whole set
    CHECK(!has(text_of(what, "envoy"), "secp256k1"));
    CHECK(has(refusal(what, "envoy", {.keys_url = "https://auth.prod.example/jwks"}), "the key k"));
    Exporting rsa = Exporting().with("algorithms", "[RS256, PS256]");
    rsa.keys = {jwk(KeyType::rsa, "r")};
    CHECK(has(lost(rsa, "envoy"), "algorithms"));
    rsa.with("algorithms", "[RS256]");
    CHECK(!has(lost(rsa, "envoy"), "algorithms"));
    CHECK(has(lost(rsa, "envoy", {.keys_url = "https://auth.prod.example/jwks"}), "algorithms"));
    Exporting edwards = Exporting().with("algorithms", "[EdDSA]");
    edwards.keys = {jwk(KeyType::ed25519, "e")};
    CHECK(has(text_of(edwards, "envoy"), R"(\"alg\":\"EdDSA\")"));
    edwards.keys = {jwk(KeyType::ed25519, "e", "Ed25519")};
    CHECK(has(refusal(edwards, "envoy"), "whose alg is Ed25519"));
    edwards.keys = {jwk(KeyType::ed448, "e")};
    CHECK(has(refusal(edwards, "envoy"), "knows no Ed448"));
    what.with("algorithms", "[ES256, ES256K]");
    CHECK(has(refusal(what, "envoy"), "knows no ES256K"));
    Exporting two;
    two.keys.push_back(jwk(KeyType::p256, "b", "ES256", 1));
    CHECK(has(lost(two, "envoy"), "keys"));
}

TEST_CASE("gateway/export/envoy: narrower audiences by path, the longest first, and by host where there are several") {
    Exporting what = Exporting()
                         .with("audiences", "['https://api.prod.example', 'https://r.example']")
                         .with("resources", "[{uri: 'https://api.prod.example/a', audiences: ['https://r.example']}, "
                                            "{uri: 'https://api.prod.example/a/b'}]");
    const std::string text = text_of(what, "envoy");
    const std::size_t inner = text.find("path_separated_prefix: \"/a/b\""), outer = text.find("prefix: \"/a\"}");
    CHECK(inner < outer);
    CHECK(outer < text.find("{prefix: /}"));
    CHECK(!has(text, ":authority"));
    what.with("resources", "[{uri: 'https://api.prod.example/a', audiences: ['https://r.example']}, "
                           "{uri: 'https://www.prod.example'}]");
    CHECK(has(text_of(what, "envoy"), "(?i)api\\\\.prod\\\\.example(:[0-9]+)?"));
    what.with("resources", "[{uri: 'urn:a', audiences: ['https://r.example']}, {uri: 'urn:b'}]");
    CHECK(has(refusal(what, "envoy"), "is no URL"));
}

TEST_CASE("gateway/export/envoy: text of the policy stays text") {
    const std::string bad = "x\"]}, audiences: []\u2028#\U0001f511";
    const std::string text = text_of(Exporting().with("audiences", "[" + yaml_text(bad) + "]"), "envoy");
    CHECK(has(text, R"(audiences: ["x\"]}, audiences: []\u2028#)"));
    const auto verifiers = read_back(text, "envoy");
    REQUIRE(verifiers.size() == 1);
    CHECK(verifiers[0].accepts.at(0).audience.any_of.exact == std::vector<std::string>{bad});
}
