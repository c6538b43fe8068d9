// Hasura in the normal form: each thing that its source says of a field, and each that is not known.
#include <doctest/doctest.h>

#include "../support/imported.h"

using namespace jwtdomain;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;
using policy::KeyLocation;
using test::claim;
using test::dropped;

namespace {

using Guard = Entry::Guard;

std::vector<DeclaredVerifier> read(const std::string& text, const std::string& file = "secret.json") {
    return test::imported("hasura", file, text);
}

DeclaredPath path(const std::string& fields) {
    const auto all = read(R"({"jwk_url": "https://id.example/k", )" + fields + "}");
    REQUIRE(all.size() == 2);
    CHECK(all[0].guard == Guard::opaque); // who is anonymous is said elsewhere
    REQUIRE(!all[1].accepts.empty());
    return all[1].accepts.front();
}

DeclaredPath of_key(const std::string& type, const std::string& key) {
    const auto all = read(R"({"type": ")" + type + R"(", "key": ")" + key + "\"}");
    REQUIRE(all.size() == 2);
    return all[1].accepts.front();
}

} // namespace

TEST_CASE("gateway/hasura: the example is recognised and read") {
    const auto all = read(test::gateway_data("hasura.env"), ".env");
    REQUIRE(all.size() == 2);
    CHECK(all[0].guard == Guard::open);
    CHECK(all[0].why.find("anonymous") != std::string::npos);
    const DeclaredPath& out = all[1].accepts.front();
    CHECK(out.keys.front().location.value == "https://id.example.com/keys");
    CHECK(out.issuer.allowed.exact == std::vector<std::string>{"https://id.example.com"});
    CHECK(out.issuer.absent_ok);
    CHECK(out.audience.any_of.exact == std::vector<std::string>{"orders"});
    CHECK(out.audience.absent_ok);
    CHECK(out.time.expiry == accept::Presence::optional);
    CHECK(out.time.not_before);
    CHECK(out.time.leeway == 0);
    CHECK(out.kid == accept::KidRule::ignored);
    CHECK(claim(out, {"https://hasura.io/jwt/claims"})->test == accept::ClaimTest::present);
    CHECK(out.dropped.empty());
}

TEST_CASE("gateway/hasura: what is not said is not asked for") {
    const DeclaredPath out = path(R"("header": {"type": "Authorization"})");
    CHECK(out.issuer.allowed.any);
    CHECK(out.issuer.absent_ok);
    CHECK(out.audience.any);
    CHECK(path(R"("audience": ["a", "b"])").audience.any_of.exact.size() == 2);
    CHECK(dropped(path(R"("audience": ["a", ""], "issuer": "")"), "audience"));
    CHECK(path(R"("allowed_skew": 30)").time.leeway == 30);
    CHECK(dropped(path(R"("allowed_skew": "x")"), "allowed_skew"));
    for (const char* name : {"issuer", "audience"}) {
        const DeclaredPath later = path("\"" + std::string(name) + R"(": "${X}")");
        CHECK(dropped(later, name));
        CHECK(later.issuer.allowed.any);
        CHECK(later.audience.any);
    }
}

TEST_CASE("gateway/hasura: the type says how a key is read, not which algorithm a token has") {
    CHECK(of_key("HS256", "abc").keys.front().location.value == R"({"keys":[{"kty":"oct","k":"YWJj"}]})");
    CHECK(of_key("HS256", "abc").algorithms->size() == 3);
    CHECK(of_key("RS512", "pem").keys.front().location.value == "pem");
    CHECK(of_key("RS512", "pem").algorithms->size() == 6);
    CHECK(of_key("Ed25519", "pem").algorithms->size() == 2); // two curves
    CHECK(of_key("RS256", "${KEY}").keys.front().location.kind == KeyLocation::Kind::file);
    CHECK(path(R"("issuer": "x")").algorithms->size() == 15);
}

TEST_CASE("gateway/hasura: a token must have roles") {
    CHECK(claim(path(R"("claims_namespace": "hasura")"), {"hasura"}) != nullptr);
    CHECK(claim(path(R"("claims_namespace": "/a/b")"), {"/a/b"}) != nullptr);
    CHECK(dropped(path(R"("claims_namespace_path": "$.a.b")"), "claims_map"));
    CHECK(dropped(path(R"("claims_map": {"x-hasura-default-role": "user"})"), "claims_map"));
    CHECK(path(R"("claims_map": {})").claims.empty());
}

TEST_CASE("gateway/hasura: what is not known") {
    const auto env = [](const std::string& value) {
        return read("HASURA_GRAPHQL_JWT_SECRET='" + value + "'\n", ".env");
    };
    CHECK(env(R"({"jwk_url": "https://a", "allow": "all"})").front().guard == Guard::opaque);
    CHECK(env("${SECRET}").front().guard == Guard::opaque);
    CHECK(env("{").front().guard == Guard::opaque);
    CHECK(env("3").front().guard == Guard::opaque);
    CHECK(test::is_nothing(env("[]").front()));
    CHECK(!gateway::read({.file = "x.json", .text = R"({"jwk_url": "https://a", "allow": "all"})"}));
}

TEST_CASE("gateway/hasura: several secrets, each of which will do") {
    const auto all =
        read(R"(HASURA_GRAPHQL_JWT_SECRETS='[{"jwk_url": "https://a/k"}, {"type": "HS256", "key": "k"}]')", ".env");
    REQUIRE(all.size() == 1);
    CHECK(all.front().accepts.size() == 2);
    CHECK(read(R"([{"jwk_url": "https://a/k"}])").back().accepts.size() == 1);
}

TEST_CASE("gateway/hasura: variables of Compose and Kubernetes") {
    const std::string secret = R"('{"jwk_url": "https://a/k"}')";
    const auto compose = read("services: {db: {image: x}, api: {environment: {HASURA_GRAPHQL_JWT_SECRET: " + secret +
                                  ", HASURA_GRAPHQL_UNAUTHORIZED_ROLE: anon}}}",
                              "compose.yaml");
    REQUIRE(compose.size() == 2);
    CHECK(compose[0].name == "api: requests without a token");
    CHECK(compose[0].guard == Guard::open);
    const auto pod = read("kind: Deployment\nspec: {containers: [{name: gql, envFrom: [], env: [{name: "
                          "HASURA_GRAPHQL_JWT_SECRET, value: " +
                              secret + "}]}]}",
                          "pod.yaml");
    REQUIRE(pod.size() == 2);
    CHECK(pod[0].guard == Guard::opaque);
    CHECK(pod[1].name == "gql: tokens");
    CHECK(pod[1].accepts.size() == 1);
    const auto later = read("env: [{name: HASURA_GRAPHQL_JWT_SECRET, valueFrom: {secretKeyRef: {name: s}}}]", "p.yaml");
    CHECK(later.front().guard == Guard::opaque);
    CHECK(read("env: [{name: HASURA_GRAPHQL_AUTH_HOOK, value: 'https://a'}]", "p.yaml").front().why.find("external") !=
          std::string::npos);
    CHECK(read("data: {HASURA_GRAPHQL_UNAUTHORIZED_ROLE: anon}", "c.yaml").back().guard == Guard::opaque);
}
