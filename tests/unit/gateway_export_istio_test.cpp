#include "gateway_exported.h"

using namespace jwtdomain;
using namespace jwtdomain::gateway::test;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::string kResources =
    "[{uri: 'https://api.prod.example', methods: {GET: [read]}}, {uri: 'https://api.prod.example/orders', "
    "methods: {POST: [read, write]}}]";

} // namespace

TEST_CASE("gateway/export/istio: what lacks the issuer, the audience or a claim is denied") {
    const std::string text = text_of(Exporting().with("required", "[sub, jti]"), "istio");
    CHECK(has(text, "notRequestPrincipals: [\"https://auth.prod.example/*\"]"));
    CHECK(has(text, "{key: \"request.auth.audiences\", notValues: [\"https://api.prod.example\"]}"));
    CHECK(has(text, "{key: \"request.auth.claims[domain]\", notValues: [\"prod\"]}"));
    CHECK(has(text, "{key: \"request.auth.claims[jti]\", notValues: [\"*\"]}"));
    CHECK(!has(text, "ALLOW"));
    CHECK(has(text, "jwks: \"{"));
    CHECK(lost(Exporting().with("required", "[sub]"), "istio") ==
          "domain expiry further-audiences issued-at leeway lifetime reading type");
    // The principal needs a subject, which the policy does not ask for here.
    const std::string without = text_of(Exporting().with("required", "[]"), "istio");
    CHECK(has(without, "{key: \"request.auth.claims[iss]\", notValues: [\"https://auth.prod.example\"]}"));
    CHECK(!has(without, "notRequestPrincipals"));
    CHECK(has(text_of({}, "istio", {.keys_url = "https://auth.prod.example/jwks"}), "jwksUri: \"https://auth"));
}

TEST_CASE("gateway/export/istio: scopes by host, method and path; what lies within a resource is left to it") {
    const std::string text = text_of(Exporting().with("resources", kResources), "istio");
    CHECK(has(text, "hosts: [\"api.prod.example\", \"api.prod.example:443\"], methods: [\"GET\"], "
                    "notPaths: [\"/orders\", \"/orders/*\"]"));
    CHECK(has(text, "methods: [\"POST\"], paths: [\"/orders\", \"/orders/*\"]"));
    CHECK(has(text, "        - {key: \"request.auth.claims[scope]\", values: [\"read\"]}\n"
                    "        - {key: \"request.auth.claims[scope]\", values: [\"write\"]}\n"));
    CHECK(has(text_of(Exporting().with("resources", kResources).with("claims", "{scope: scp}"), "istio"),
              "spaceDelimitedClaims: [\"scp\"]"));
    CHECK(has(lost(Exporting().with("resources", kResources).with("claims", "{scope: /a/b}"), "istio"), "scopes"));
}

TEST_CASE("gateway/export/istio: what would be a pattern, a placeholder or a template is refused") {
    for (const char* star : {"*", "x*", "*x"}) {
        CAPTURE(star);
        CHECK(has(refusal(Exporting().with("audiences", std::string("['") + star + "']"), "istio"), "is a pattern"));
        CHECK(has(refusal(Exporting().with("domain_value", std::string("'") + star + "'"), "istio"), "is a pattern"));
        CHECK(has(lost(Exporting().with("match", std::string("{azp: ['") + star + "']}"), "istio"), "claims"));
    }
    CHECK(exported(Exporting().with("audiences", "['x*y']"), "istio"));
    CHECK(has(refusal(Exporting().with("issuer", "'https://auth.prod.example/*'"), "istio"), "is a pattern"));
    CHECK(has(
        refusal(Exporting().with("resources", "[{uri: 'https://a.example/x', methods: {GET: ['orders:*']}}]"), "istio"),
        "is a pattern"));
    for (const char* uri : {"https://a.example/{*}", "https://a.example/a*b", "https://*.example/", "urn:a"})
        CHECK(has(refusal(Exporting().with("resources", std::string("[{uri: '") + uri + "'}]"), "istio"),
                  "by host and path"));
    for (const char* text : {"${X}", "{{ .X }}", "$(X)"})
        CHECK(has(refusal(Exporting().with("audiences", std::string("['") + text + "']"), "istio"), "something else"));
    // A name with brackets would be a claim within another.
    CHECK(has(lost(Exporting().with("match", "{'a][b': [x]}"), "istio"), "claims"));
}

TEST_CASE("gateway/export/istio: a subject with slashes is of the issuer that is written") {
    const auto verifiers =
        read_back(text_of(Exporting().with("issuer", "'https://auth.prod.example/a/'"), "istio"), "istio");
    REQUIRE(verifiers.size() == 1);
    CHECK(verifiers[0].accepts.at(0).issuer.allowed.exact == std::vector<std::string>{"https://auth.prod.example/a/"});
    CHECK(verifiers[0].accepts.at(0).dropped.empty());
}

TEST_CASE("gateway/export/istio: objects of two domains have two names") {
    CHECK(has(text_of({}, "istio"), "name: \"jwtdomain-prod\"\n"));
    const auto name = [](const char* domain) {
        auto order = Exporting().order();
        REQUIRE(order);
        order->domain = domain;
        const auto made = gateway::write(*order, "istio");
        REQUIRE(made);
        const std::size_t at = made->text.find("name: ") + 6;
        return made->text.substr(at, made->text.find('\n', at) - at);
    };
    CHECK(name("a/b") != name("a-b"));
    CHECK(name("a/b") != name("a.b"));
    CHECK(name("a/b").starts_with("\"jwtdomain-a-b-"));
}
