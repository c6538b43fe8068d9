#include "gateway_exported.h"

using namespace jwtdomain;
using namespace jwtdomain::gateway::test;

namespace {

const gateway::OrderOptions kUrl{.keys_url = "https://auth.prod.example/jwks"}, kFile{.key_directory = "/etc/keys"};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Exporting jwt() { return Exporting().with("types", "[JWT]"); }

} // namespace

TEST_CASE("gateway/export/spring: each field, and every loss by its name") {
    const std::string text = text_of(jwt(), "spring", kUrl);
    CHECK(has(text, "          jwk-set-uri: \"https://auth.prod.example/jwks\"\n"
                    "          issuer-uri: \"https://auth.prod.example\"\n"
                    "          jws-algorithms:\n            - \"ES256\"\n"
                    "          audiences:\n            - \"https://api.prod.example\"\n"));
    CHECK(lost(jwt(), "spring", kUrl) ==
          "claims domain expiry further-audiences issued-at leeway lifetime reading type");
    CHECK(!has(lost(jwt().with("types", "[JWT, absent]"), "spring", kUrl), "type"));
}

TEST_CASE("gateway/export/spring: at+jwt and algorithms that its decoder refuses") {
    CHECK(has(refusal({}, "spring", kUrl), "no typ but JWT"));
    Exporting edwards = jwt().with("algorithms", "[EdDSA]");
    edwards.keys = {jwk(KeyType::ed25519, "e")};
    CHECK(has(refusal(edwards, "spring", kUrl), "knows no Ed25519"));
}

TEST_CASE("gateway/export/spring: one RSA key in a file, or a URL") {
    CHECK(has(refusal(jwt(), "spring", kFile), "from a URL, or one RSA key"));
    Exporting rsa = jwt().with("algorithms", "[RS256]");
    rsa.keys = {jwk(KeyType::rsa, "r", "RS256")};
    CHECK(has(refusal(rsa, "spring"), "from a URL, or one RSA key"));
    CHECK(has(refusal(rsa, "spring", {.key_directory = "keys"}), "from a URL, or one RSA key"));
    const auto made = exported(rsa, "spring", kFile);
    REQUIRE(made);
    CHECK(has(made->text, "public-key-location: \"file:/etc/keys/prod.pem\""));
    REQUIRE(made->key_files.size() == 1);
    CHECK(made->key_files[0].name == "prod.pem");
    CHECK(made->key_files[0].text.starts_with("-----BEGIN PUBLIC KEY-----"));
    CHECK(has(lost(rsa, "spring", kFile), "issuer"));
    CHECK(!has(lost(rsa, "spring", kUrl), "issuer"));
}

TEST_CASE("gateway/export/spring: what Spring or Maven would put something else for is refused") {
    for (const char* text : {"${AUD}", "#{1 == 1}", "@aud@", " x", "{{ .X }}"}) {
        CAPTURE(text);
        CHECK(refusal(jwt().with("audiences", std::string("['") + text + "']"), "spring", kUrl) != "made");
    }
    CHECK(refusal(jwt(), "spring", {.keys_url = "http://auth.prod.example/${X}"}) != "made");
    const std::string text = text_of(jwt().with("audiences", "['a,b', 'x: y']"), "spring", kUrl);
    const auto verifiers = read_back(text, "spring");
    REQUIRE(verifiers.size() == 1);
    CHECK(verifiers[0].accepts.at(0).audience.any_of.exact == std::vector<std::string>{"a,b", "x: y"});
}
