#include "gateway_exported.h"

using namespace jwtdomain;
using namespace jwtdomain::gateway::test;

namespace {

constexpr std::string_view kTarget = "kube-apiserver";

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("gateway/export/kube-apiserver: each field, and every loss by its name") {
    const std::string text = text_of(Exporting().with("required", "[sub, jti, iat]"), kTarget);
    CHECK(has(text, "apiVersion: apiserver.config.k8s.io/v1\n"));
    CHECK(has(text, "      url: \"https://auth.prod.example\"\n      audiences: [\"https://api.prod.example\"]\n"));
    CHECK(has(text, "      - claim: \"domain\"\n        requiredValue: \"prod\"\n"));
    CHECK(has(text, "\"has(claims.jti)\""));
    CHECK(has(text, "\"claims.exp - claims.iat <= 600\""));
    CHECK(has(text, "prefix: \"https://auth.prod.example#\""));
    CHECK(lost(Exporting().with("required", "[sub, jti, iat]"), kTarget) ==
          "further-audiences issued-at keys leeway reading type");
    CHECK(has(lost(Exporting().with("required", "[sub]"), kTarget), "lifetime"));
    Exporting rsa = Exporting().with("algorithms", "[RS256]");
    rsa.keys = {jwk(KeyType::rsa, "r", "RS256")};
    CHECK(has(lost(rsa, kTarget), "algorithms"));
}

TEST_CASE("gateway/export/kube-apiserver: what it cannot do at all") {
    Exporting edwards = Exporting().with("algorithms", "[EdDSA]");
    edwards.keys = {jwk(KeyType::ed25519, "e")};
    CHECK(has(refusal(edwards, kTarget), "knows no Ed25519"));
    CHECK(has(refusal(Exporting().with("issuer", "'http://auth.prod.example'"), kTarget), "an https URL"));
    CHECK(has(refusal(Exporting().with("issuer", "'urn:prod'"), kTarget), "an https URL"));
    CHECK(has(refusal(Exporting().with("issuer", "'https://auth.example/?a'"), kTarget), "an https URL"));
    CHECK(has(lost(Exporting().with("issuer", "'https://accounts.google.com'"), kTarget), "issuer"));
}

TEST_CASE("gateway/export/kube-apiserver: values stay texts of CEL") {
    const auto cel = [](const std::string& value) {
        return text_of(Exporting().with("match", "{azp: [" + yaml_text(value) + "]}"), kTarget);
    };
    CHECK(has(cel("web"), R"("claims.azp == \"web\"")"));
    CHECK(has(cel("a\"b"), R"("claims.azp == 'a\"b'")"));
    CHECK(has(cel("x' || true || 'x"), R"("claims.azp == \"x' || true || 'x\"")"));
    for (const char* value : {"a\"b'c", "a\\", "a\nb", "12", "true"}) {
        CAPTURE(value);
        CHECK(has(lost(Exporting().with("match", "{azp: [" + yaml_text(value) + "]}"), kTarget), "claims"));
    }
    CHECK(has(text_of(Exporting().with("match", "{'a b': [x, y]}"), kTarget), R"(claims[\"a b\"] in [\"x\", \"y\"])"));
    CHECK(has(text_of(Exporting().with("match", "{if: [x]}"), kTarget), R"(claims[\"if\"] == \"x\")"));
    CHECK(has(text_of(Exporting().with("domain_value", yaml_text("\"\\'")), kTarget), R"(requiredValue: "\"\\'")"));
}
