// PostgREST in the normal form: each thing that its source says of a setting, and each that is not known.
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

std::vector<DeclaredVerifier> read(const std::string& text, const std::string& file = "postgrest.conf") {
    return test::imported("postgrest", file, text);
}

DeclaredPath path(const std::string& settings) {
    const auto all = read("db-uri = \"postgres://\"\n" + settings);
    REQUIRE(all.back().name == "tokens");
    REQUIRE(!all.back().accepts.empty());
    return all.back().accepts.front();
}

std::string keys(const std::string& settings) { return path(settings).keys.front().location.value; }

} // namespace

TEST_CASE("gateway/postgrest: the example is recognised and read") {
    const auto all = read(test::gateway_data("postgrest.conf"));
    REQUIRE(all.size() == 1);
    const DeclaredPath& out = all.front().accepts.front();
    CHECK(out.keys.front().location.value.starts_with("{\"keys\":[{\"kty\":\"EC\""));
    CHECK(!out.keys.front().algorithms); // its own
    CHECK(out.audience.any_of.exact == std::vector<std::string>{"https://api.example.com"});
    CHECK(out.audience.absent_ok);
    CHECK(out.audience.empty_ok);
    CHECK(claim(out, {"role"}) != nullptr); // nobody is anonymous
}

TEST_CASE("gateway/postgrest: issuers are never looked at, times are") {
    const DeclaredPath out = path("jwt-secret = \"0123456789abcdef0123456789abcdef\"");
    CHECK(out.issuer.allowed.any);
    CHECK(out.dialect.issuer_array_ok);
    CHECK(out.audience.any);
    CHECK(out.time.expiry == accept::Presence::optional);
    CHECK(out.time.leeway == 31);
    CHECK(!out.time.not_before);
    CHECK(dropped(out, "nbf"));
    CHECK(out.kid == accept::KidRule::hint);
    CHECK(out.type.any);
    CHECK(out.dialect.duplicates == json::Duplicates::first);
    CHECK(out.keys.front().algorithms == std::vector{Algorithm::HS256}); // of a text
}

TEST_CASE("gateway/postgrest: secrets as text, in base64, as JWK, and in a file") {
    CHECK(keys("jwt-secret = \"abc\"") == R"({"keys":[{"kty":"oct","k":"YWJj"}]})");
    CHECK(keys("jwt-secret = \"YWJj\"\njwt-secret-is-base64 = true") == R"({"keys":[{"kty":"oct","k":"YWJj"}]})");
    CHECK(keys("jwt-secret = \"YWJj\"\nsecret-is-base64 = true") == R"({"keys":[{"kty":"oct","k":"YWJj"}]})");
    CHECK(keys("jwt-secret = \"e30.\"\njwt-secret-is-base64 = true") == "{}"); // what it holds may be a JWK
    CHECK(keys("jwt-secret = \"@/etc/jwks.json\"") == "/etc/jwks.json");
    for (const char* unread : {"jwt-secret = \"$(SECRET)\"", "jwt-secret = \"@k\"\njwt-secret-is-base64 = true",
                               "jwt-secret = \"*\"\njwt-secret-is-base64 = true",
                               "jwt-secret = \"x\"\njwt-secret-is-base64 = ${X}", "jwt-secret = \"\"", ""}) {
        CAPTURE(unread);
        CHECK(path(unread).keys.front().location.kind == KeyLocation::Kind::file);
    }
}

TEST_CASE("gateway/postgrest: an audience that is put in later is not known") {
    CHECK(path("jwt-aud = \"${X}\"").audience.any);
    CHECK(dropped(path("jwt-aud = \"${X}\""), "jwt-aud"));
    CHECK(path("jwt-aud = \"any\"").audience.any_of.contains("any"));
    CHECK(!path("jwt-aud = \"any\"").audience.any);
}

TEST_CASE("gateway/postgrest: with an anonymous role everybody passes, and a token needs none") {
    const auto all = read("db-anon-role = \"web_anon\"\njwt-secret = \"abc\"");
    REQUIRE(all.size() == 2);
    CHECK(all[0].guard == Guard::open);
    CHECK(all[0].why.find("web_anon") != std::string::npos);
    CHECK(claim(all[1].accepts.front(), {"role"}) == nullptr);
    CHECK(read("db-anon-role = \"$(ROLE)\"").front().guard == Guard::opaque);
    CHECK(claim(path("jwt-role-claim-key = \".app_role\""), {"app_role"}) != nullptr);
    CHECK(dropped(path("jwt-role-claim-key = \".roles[0]\""), "jwt-role-claim-key"));
    CHECK(dropped(path("role-claim-key = \"$(X)\""), "jwt-role-claim-key"));
}

TEST_CASE("gateway/postgrest: what is not known") {
    CHECK(read("db-uri = \"x\"\njwt-allow = \"all\"").front().guard == Guard::opaque);
    CHECK(read("db-uri = \"x\"\njwt-aud = \"a\"\njwt-aud = \"b\"").front().guard == Guard::opaque);
    CHECK(read("db-anon-role = \"x\"\nsomething else").front().guard == Guard::opaque);
    CHECK(read("db-anon-role = \"x").front().guard == Guard::opaque);
    CHECK(read("jwt-secret = \"a\" b\ndb-uri = x").front().guard == Guard::opaque);
    CHECK(read("db-uri = \"x\" # why\njwt-secret = \"a#b\" # c\napp.settings.x = \"1\"").front().guard == Guard::paths);
}

TEST_CASE("gateway/postgrest: variables of an environment") {
    const auto dotenv = read("# x\nexport PGRST_JWT_SECRET='abc'\nPGRST_JWT_AUD=\"a\"\nOTHER=1\n", ".env");
    REQUIRE(dotenv.size() == 1);
    CHECK(dotenv.front().accepts.front().audience.any_of.contains("a"));
    const auto compose =
        read("services: {api: {environment: {PGRST_JWT_SECRET: abc, PGRST_DB_ANON_ROLE: anon}}}", "compose.yaml");
    REQUIRE(compose.size() == 2);
    CHECK(compose[0].name == "api: requests without a token");
    CHECK(compose[0].guard == Guard::open);
    CHECK(compose[1].accepts.front().keys.front().location.value.find("YWJj") != std::string::npos);
    const auto listed = read("services: {api: {env_file: x, environment: ['PGRST_JWT_SECRET=abc']}}", "compose.yaml");
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].guard == Guard::opaque); // whether somebody is anonymous is said elsewhere
    CHECK(dropped(listed[1].accepts.front(), "jwt-aud"));
    const auto container = read("kind: Pod\nspec: {containers: [{name: api, env: [{name: PGRST_JWT_SECRET, valueFrom: "
                                "{secretKeyRef: {name: s, key: k}}}, {name: PGRST_JWT_AUD, value: a}]}]}",
                                "pod.yaml");
    REQUIRE(container.size() == 1);
    CHECK(container[0].name == "api: tokens");
    CHECK(container[0].accepts.front().keys.front().location.value.find("put in later") != std::string::npos);
    CHECK(read("kind: ConfigMap\nmetadata: {name: c}\ndata: {PGRST_JWT_SECRET: abc}", "c.yaml").front().guard ==
          Guard::opaque);
}

TEST_CASE("gateway/postgrest: what else stands in the same stream is read, too") {
    std::vector<std::string> others;
    const auto all = gateway::read_together(
        {{"all.yaml", "kind: Pod\nspec: {containers: [{env: [{name: PGRST_JWT_SECRET, value: x}]}]}\n---\n"
                      "kind: Middleware\nmetadata: {name: m}\nspec: {forwardAuth: {address: a}}\n"}},
        "", {}, others);
    REQUIRE(all.size() == 2);
    CHECK(all[0].import->type == "external");
    CHECK(all[1].import->type == "postgrest");
}
