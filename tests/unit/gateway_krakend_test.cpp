// KrakenD in the normal form: each thing that its source says of a field, and each that is not known.
#include <doctest/doctest.h>

#include "../support/imported.h"

using namespace jwtdomain;
using accept::ClaimShape;
using accept::ClaimTest;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;
using policy::KeyLocation;
using test::claim;
using test::dropped;

namespace {

using Guard = Entry::Guard;
using Names = std::vector<std::string>;

std::vector<DeclaredVerifier> read(const std::string& text) { return test::imported("krakend", "krakend.json", text); }

// An endpoint with this extra_config, in a service with that one.
DeclaredVerifier endpoint(const std::string& extra, const std::string& service = "{}") {
    const auto all = read(R"({"version": 3, "extra_config": )" + service +
                          R"(, "endpoints": [{"endpoint": "/a", "extra_config": )" + extra + "}]}");
    REQUIRE(all.size() == 1);
    CHECK(all.front().name == "GET /a");
    return all.front();
}

DeclaredVerifier validator(const std::string& fields) {
    return endpoint(R"({"auth/validator": {"jwk_url": "https://id.example/k")" +
                    std::string(fields.empty() ? "" : ", ") + fields + "}}");
}

DeclaredPath path(const std::string& fields) {
    const DeclaredVerifier out = validator(fields);
    CAPTURE(out.why);
    REQUIRE(!out.accepts.empty());
    return out.accepts.front();
}

} // namespace

TEST_CASE("gateway/krakend: the example is recognised and read") {
    const auto all = read(test::gateway_data("krakend.json"));
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "GET /orders");
    const DeclaredPath& out = all[0].accepts.front();
    CHECK(out.issuer.allowed.exact == Names{"https://id.example.com"});
    CHECK(!out.issuer.absent_ok);
    CHECK(out.audience.all_of == Names{"https://api.example.com"});
    CHECK(*out.algorithms == std::vector{Algorithm::ES256});
    CHECK(claim(out, {"scope"})->test == ClaimTest::has_any);
    CHECK(claim(out, {"scope"})->shape == ClaimShape::words);
    CHECK(out.dropped.empty());
    CHECK(all[1].guard == Guard::open);
}

TEST_CASE("gateway/krakend: what is not said is not asked for") {
    const DeclaredPath out = path("");
    CHECK(out.issuer.allowed.any);
    CHECK(out.audience.any);
    CHECK(out.claims.empty());
    CHECK(*out.algorithms == std::vector{Algorithm::RS256});
    CHECK(out.keys.front().algorithms == std::vector{Algorithm::RS256}); // whatever it says of itself
    CHECK(out.kid == accept::KidRule::must_match);
    CHECK(out.time.expiry == accept::Presence::optional);
    CHECK(out.time.not_before);
    CHECK(out.time.leeway == 1);
    CHECK(out.type.any);
    CHECK(out.dropped.empty());
    CHECK(path(R"("issuer": "", "audience": [])").issuer.allowed.any);
}

TEST_CASE("gateway/krakend: all of the audiences, one of the roles, one or all of the scopes") {
    CHECK(path(R"("audience": ["a", "b"])").audience.all_of == Names{"a", "b"});
    const DeclaredPath roles = path(R"("roles": ["x", "y"])");
    CHECK(claim(roles, {"roles"})->test == ClaimTest::has_any);
    CHECK(claim(path(R"("roles": ["x"], "roles_key": "a.b")"), {"a.b"}) != nullptr);
    CHECK(claim(path(R"("roles": ["x"], "roles_key": "a.b", "roles_key_is_nested": true)"), {"a", "b"}) != nullptr);
    CHECK(claim(path(R"("roles": ["x"], "roles_key": "http://a.b/c", "roles_key_is_nested": true)"),
                {"http://a.b/c"}) != nullptr);
    CHECK(claim(path(R"("scopes": ["x"], "scopes_key": "a.b", "scopes_matcher": "all")"), {"a", "b"})->test ==
          ClaimTest::has_all);
    CHECK(path(R"("scopes": ["x"])").claims.empty()); // without a key they are not looked at
    CHECK(path(R"("scopes": ["x"], "scopes_key": "roles", "roles": ["x"])").claims.size() == 2);
}

TEST_CASE("gateway/krakend: what is put in later is left out") {
    for (const char* name : {"issuer", "audience", "roles", "leeway"}) {
        CAPTURE(name);
        const DeclaredPath out = path("\"" + std::string(name) + R"(": "${X}")");
        CHECK(dropped(out, name));
    }
    CHECK(dropped(path(R"("scopes": ["x"], "scopes_key": "${X}")"), "scopes"));
    CHECK(dropped(path(R"("roles": ["x"], "roles_key_is_nested": "${X}")"), "roles"));
    CHECK(path(R"("alg": "${X}")").algorithms->size() == 14);
    CHECK(test::is_nothing(validator(R"("alg": "none")")));
    CHECK(path(R"("leeway": "1m")").time.leeway == 60);
}

TEST_CASE("gateway/krakend: keys") {
    CHECK(path(R"("jwk_local_path": "k.json")").keys.size() == 2);
    CHECK(path(R"("jwk_local_path": "k.json", "cypher_key": "x")").keys.front().location.value.find("not read") !=
          std::string::npos);
    CHECK(path(R"("key_identify_strategy": "x5t")").kid == accept::KidRule::ignored);
    CHECK(endpoint(R"({"auth/validator": {"jwk_url": "${X}"}})").accepts.front().keys.front().location.kind ==
          KeyLocation::Kind::file);
    CHECK(endpoint(R"({"github.com/devopsfaith/krakend-jose/validator": {"jwk_url": "https://a/k"}})")
              .accepts.front()
              .keys.front()
              .location.value == "https://a/k");
}

TEST_CASE("gateway/krakend: what else decides") {
    CHECK(endpoint(R"({"auth/api-keys": {}})").guard == Guard::opaque);
    CHECK(endpoint(R"({"qos/ratelimit/router": {}})").guard == Guard::open);
    CHECK(endpoint("{}", R"({"plugin/http-server": {}})").guard == Guard::opaque);
    CHECK(endpoint("{}", R"({"auth/validator": {"shared_cache_duration": 5}})").guard == Guard::open);
    CHECK(endpoint("{}", R"({"auth/validator": {"jwk_url": "x"}})").guard == Guard::opaque);
    const DeclaredVerifier cel = endpoint(R"({"auth/validator": {}, "validation/cel": []})");
    CHECK(dropped(cel.accepts.front(), "validation/cel"));
    CHECK(dropped(endpoint(R"({"auth/validator": {}})", R"({"auth/revoker": {}})").accepts.front(), "auth/revoker"));
}

TEST_CASE("gateway/krakend: what is not known may let anything pass") {
    CHECK(validator(R"("allow": "all")").guard == Guard::opaque);
    CHECK(validator(R"("@comment": "x")").guard == Guard::paths);
    CHECK(endpoint(R"({"auth/validator": "x"})").guard == Guard::opaque);
    CHECK(endpoint(R"("${X}")").guard == Guard::opaque);
    CHECK(!gateway::read({.file = "x.json", .text = R"({"endpoints": [{"path": "/a"}], "version": 1})"}));
}
