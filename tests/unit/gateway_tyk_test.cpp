// Tyk in the normal form: each thing that its source says of a field, and each that is not known.
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

std::vector<DeclaredVerifier> read(const std::string& text) { return test::imported("tyk", "tyk.json", text); }

std::vector<DeclaredVerifier> api(const std::string& fields) {
    return read(R"({"name": "a", "proxy": {"listen_path": "/a/"}, )" + fields + "}");
}

DeclaredPath path(const std::string& fields) {
    const auto all = api(R"("enable_jwt": true, "jwt_default_policies": ["p"], )" + fields);
    REQUIRE(all.size() == 1);
    CAPTURE(all.front().why);
    REQUIRE(!all.front().accepts.empty());
    return all.front().accepts.front();
}

const std::string kSource = R"("jwt_source": "https://id.example/k")";

} // namespace

TEST_CASE("gateway/tyk: the example is recognised and read") {
    const auto all = read(test::gateway_data("tyk.json"));
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "API Orders: /healthz");
    CHECK(all[0].guard == Guard::open);
    const DeclaredPath& out = all[1].accepts.front();
    CHECK(out.keys.front().location.value == "https://id.example.com/keys");
    CHECK(out.algorithms->size() == 3);
    CHECK(out.time.leeway == 6);
    CHECK(out.dropped.empty());
}

TEST_CASE("gateway/tyk: signature and times, and nothing else") {
    const DeclaredPath out = path(kSource);
    CHECK(out.issuer.allowed.any);
    CHECK(out.dialect.issuer_array_ok);
    CHECK(out.audience.any);
    CHECK(out.time.expiry == accept::Presence::optional);
    CHECK(out.time.not_before);
    CHECK(out.time.leeway == 1);
    CHECK(out.type.any);
    CHECK(out.kid == accept::KidRule::must_match);
    CHECK(claim(out, {"sub"})->test == accept::ClaimTest::present);
    CHECK(out.dropped.empty());
    CHECK(path(kSource + R"(, "jwt_disable_expires_at_validation": true)").time.expiry == accept::Presence::unchecked);
    CHECK(!path(kSource + R"(, "jwt_disable_not_before_validation": true)").time.not_before);
    CHECK(dropped(path(kSource + R"(, "jwt_not_before_validation_skew": "x")"), "jwt_not_before_validation_skew"));
}

TEST_CASE("gateway/tyk: a method is a family of algorithms, HMAC if nothing is said") {
    CHECK(path(kSource).algorithms->size() == 3);
    CHECK(path(kSource).algorithms->front() == Algorithm::HS256);
    CHECK(path(kSource + R"(, "jwt_signing_method": "rsa")").algorithms->size() == 6);
    CHECK(path(kSource + R"(, "jwt_signing_method": "other")").algorithms->size() == 3);
    CHECK(path(kSource + R"(, "jwt_signing_method": "${X}")").algorithms->size() == 12);
}

TEST_CASE("gateway/tyk: sources of keys") {
    const DeclaredPath secret = path(R"("jwt_source": "YWJj")");
    CHECK(secret.keys.front().location.value == R"({"keys":[{"kty":"oct","k":"YWJj"}]})");
    CHECK(secret.kid == accept::KidRule::ignored);
    CHECK(path(R"("jwt_source": "LS0tLS1CRUdJTiB4")").keys.front().location.value == "-----BEGIN x");
    for (const char* unread : {"${X}", "*", "vault://x"}) {
        CAPTURE(unread);
        CHECK(path("\"jwt_source\": \"" + std::string(unread) + "\"").keys.front().location.kind ==
              KeyLocation::Kind::file);
    }
    CHECK(path(kSource + R"(, "jwt_jwks_uris": [{"url": "https://b/k"}])").keys.size() == 2);
    CHECK(api(R"("enable_jwt": true)").front().guard == Guard::opaque); // in sessions
}

TEST_CASE("gateway/tyk: policies and identities") {
    CHECK(dropped(path(kSource + R"(, "jwt_identity_base_field": "email")"), "jwt_identity_base_field"));
    const auto none = api(R"("enable_jwt": true, )" + kSource);
    CHECK(dropped(none.front().accepts.front(), "jwt_policy_field_name"));
}

TEST_CASE("gateway/tyk: what passes without a token") {
    CHECK(api(R"("use_keyless": true)").front().guard == Guard::open);
    CHECK(api(R"("use_keyless": "${X}")").front().guard == Guard::opaque);
    CHECK(api(R"("enable_jwt": "${X}")").front().guard == Guard::opaque);
    const auto options =
        api(R"("enable_jwt": true, )" + kSource + R"(, "CORS": {"enable": true, "options_passthrough": true})");
    REQUIRE(options.size() == 2);
    CHECK(options[0].name == "API a: OPTIONS");
    CHECK(options[0].guard == Guard::open);
    const auto paths = api(R"("enable_jwt": true, )" + kSource +
                           R"(, "version_data": {"versions": {"v": {"paths": {"ignored": ["/x"]}, "extended_paths": )"
                           R"({"ignored": [{"path": "/y", "disabled": true}, {"path": "/z"}]}}}})");
    CHECK(test::names(paths) == std::vector<std::string>{"API a: /z", "API a: /x", "API a"});
    CHECK(!gateway::read({.file = "t.json", .text = R"({"active": false, "proxy": {"listen_path": "/"}})"}, "tyk"));
}

TEST_CASE("gateway/tyk: others decide") {
    CHECK(api(R"("use_standard_auth": true)").front().guard == Guard::opaque);
    CHECK(api(R"("auth": {})").front().guard == Guard::opaque); // by keys, if nothing is said
    CHECK(dropped(path(kSource + R"(, "use_basic_auth": true)"), "use_basic_auth"));
    CHECK(path(kSource + R"(, "external_oauth": {"enabled": false})").dropped.empty());
    CHECK(dropped(path(kSource + R"(, "enable_ip_whitelisting": true)"), "enable_ip_whitelisting"));
    CHECK(api(R"("enable_jwt": true, "custom_middleware_bundle": "b.zip", )" + kSource).front().guard == Guard::opaque);
    CHECK(api(R"("enable_jwt": true, "custom_middleware": {"pre": [{"name": "x"}]}, )" + kSource).front().guard ==
          Guard::opaque);
    CHECK(path(kSource + R"(, "custom_middleware": {"pre": [], "post": [{"name": "x"}]})").dropped.empty());
}

TEST_CASE("gateway/tyk: what is not known, lists, and objects of Kubernetes") {
    CHECK(api(R"("enable_jwt": true, "jwt_allow_all": true, )" + kSource).front().guard == Guard::opaque);
    CHECK(read(R"([{"api_definition": {"api_id": "x", "proxy": {"listen_path": "/"}, "use_keyless": true}}])")
              .front()
              .guard == Guard::open);
    const std::string object =
        "apiVersion: tyk.tyk.io/v1alpha1\nkind: ApiDefinition\nmetadata: {name: o, namespace: n}\n"
        "spec: {name: o, use_keyless: true, proxy: {listen_path: /}}\n";
    CHECK(test::imported("tyk", "t.yaml", object).front().name == "API o");
    CHECK(!gateway::read({.file = "t.yaml", .text = object}, {}, {.name_space = "m", .host = "", .labels = {}}));
}
