// Apache APISIX in the normal form: each thing that its source says of a field, and each that is not known.
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
using Names = std::vector<std::string>;

const std::string kConsumers = "consumers: [{username: c, plugins: {jwt-auth: {key: k, secret: abc}}}]\n";

std::vector<DeclaredVerifier> read(const std::string& text) { return test::imported("apisix", "apisix.yaml", text); }

std::vector<DeclaredVerifier> route(const std::string& plugins, const std::string& more = kConsumers) {
    return read("routes: [{uri: /a, plugins: {" + plugins + "}}]\n" + more);
}

DeclaredPath path(const std::string& settings, const std::string& credential = "key: k, secret: abc") {
    const auto all = route("jwt-auth: {" + settings + "}",
                           "consumers: [{username: c, plugins: {jwt-auth: {" + credential + "}}}]\n");
    REQUIRE(all.size() == 1);
    CAPTURE(all.front().why);
    REQUIRE(!all.front().accepts.empty());
    return all.front().accepts.front();
}

std::vector<DeclaredVerifier> openid(const std::string& settings) {
    return route("openid-connect: {client_id: me, discovery: 'https://id.example/d', " + settings + "}", "");
}

DeclaredPath bearer(const std::string& settings) {
    const auto all = openid("bearer_only: true, use_jwks: true, " + settings);
    REQUIRE(all.size() == 1);
    CAPTURE(all.front().why);
    REQUIRE(!all.front().accepts.empty());
    return all.front().accepts.front();
}

} // namespace

TEST_CASE("gateway/apisix: the example is recognised and read") {
    const auto all = read(test::gateway_data("apisix.yaml"));
    REQUIRE(all.size() == 3);
    CHECK(all[0].name == "route orders");
    const DeclaredPath& orders = all[0].accepts.front();
    CHECK(orders.name == "consumer shop");
    CHECK(orders.issuer.allowed.exact == Names{"https://id.example.com"});
    CHECK(*orders.algorithms == std::vector{Algorithm::ES256});
    CHECK(orders.time.expiry == accept::Presence::required);
    CHECK(orders.dropped.empty());
    const DeclaredPath& reports = all[1].accepts.front();
    CHECK(reports.issuer.allowed.exact == Names{"https://id.example.com"});
    CHECK(reports.audience.any_of.exact == Names{"reports"});
    CHECK(reports.audience.absent_ok); // of some versions
    CHECK(all[2].guard == Guard::open);
}

TEST_CASE("gateway/apisix: the claim names the consumer, whose algorithm and key are the only ones") {
    const DeclaredPath out = path("");
    CHECK(claim(out, {"key"})->values.exact == Names{"k"});
    CHECK(out.issuer.allowed.any);
    CHECK(out.audience.any);
    CHECK(*out.algorithms == std::vector{Algorithm::HS256});
    CHECK(out.keys.front().location.value == R"({"keys":[{"kty":"oct","k":"YWJj"}]})");
    CHECK(out.kid == accept::KidRule::ignored);
    CHECK(out.dropped.empty());
    CHECK(claim(path("key_claim_name: /a/b"), {"/a/b"}) != nullptr);
    CHECK(path("key_claim_name: iss", "key: any, secret: s").issuer.allowed.contains("any"));
    CHECK(!path("key_claim_name: iss", "key: any, secret: s").issuer.allowed.any);
    CHECK(path("", "key: k, secret: YWJj, base64_secret: true").keys.front().location.value ==
          R"({"keys":[{"kty":"oct","k":"YWJj"}]})");
    CHECK(path("", "key: k, algorithm: RS256, public_key: pem").keys.front().location.value == "pem");
    CHECK(test::is_nothing(
        route("jwt-auth: {}", "consumers: [{username: c, plugins: {jwt-auth: {key: k, algorithm: none}}}]").front()));
}

TEST_CASE("gateway/apisix: exp and nbf, where they are there, or where they are asked for") {
    CHECK(path("").time.expiry == accept::Presence::optional);
    CHECK(path("").time.not_before);
    CHECK(path("claims_to_verify: []").time.expiry == accept::Presence::optional);
    const DeclaredPath nbf = path("claims_to_verify: [nbf]");
    CHECK(nbf.time.expiry == accept::Presence::unchecked); // the list is all that is looked at
    CHECK(claim(nbf, {"nbf"}) != nullptr);
    CHECK(!path("claims_to_verify: [exp]").time.not_before);
    CHECK(path("claims_to_verify: '${{X}}'").time.expiry == accept::Presence::unchecked);
    CHECK(dropped(path("claims_to_verify: '${{X}}'"), "claims_to_verify"));
    CHECK(path("", "key: k, secret: s, lifetime_grace_period: 60").time.leeway == 61);
    CHECK(dropped(path("", "key: k, secret: s, lifetime_grace_period: x"), "lifetime_grace_period"));
}

TEST_CASE("gateway/apisix: what is put in later") {
    for (const char* later : {"'$secret://vault/1/x'", "'$ENV://X'", "'${{X}}'", "!x y"}) {
        CAPTURE(later);
        const std::string value(later);
        CHECK(path("", "key: k, secret: " + value).keys.front().location.kind == KeyLocation::Kind::file);
        CHECK(path("", "key: k, algorithm: RS256, public_key: " + value).keys.front().location.kind ==
              KeyLocation::Kind::file);
        CHECK(dropped(path("", "secret: s, key: " + value), "key_claim_name"));
        CHECK(dropped(path("key_claim_name: " + value), "key_claim_name"));
        CHECK(path("", "key: k, secret: s, algorithm: " + value).algorithms->size() == 14);
    }
}

TEST_CASE("gateway/apisix: an anonymous consumer lets everything pass") {
    const auto all = route("jwt-auth: {anonymous_consumer: nobody}");
    REQUIRE(all.size() == 1);
    CHECK(all.front().guard == Guard::open);
    CHECK(all.front().anonymous);
    CHECK(route("jwt-auth: {anonymous_consumer: nobody}, opa: {}").front().guard == Guard::opaque);
}

TEST_CASE("gateway/apisix: openid-connect as a resource server") {
    const DeclaredPath out = bearer("realm: x");
    CHECK(out.keys.front().location.value == "https://id.example/d");
    CHECK(out.issuer.allowed.any);
    CHECK(dropped(out, "claim_validator.issuer"));
    CHECK(out.audience.any);
    CHECK(out.time.expiry == accept::Presence::unchecked);
    CHECK(dropped(out, "exp"));
    CHECK(out.algorithms->size() == 9);
    CHECK(*bearer("token_signing_alg_values_expected: RS256").algorithms == std::vector{Algorithm::RS256});
    CHECK(claim(bearer("required_scopes: [a, b]"), {"scope"})->values.exact == Names{"a", "b"});
    CHECK(dropped(bearer("required_scopes: '${X}'"), "required_scopes"));
    CHECK(dropped(bearer("claim_schema: {}"), "claim_schema"));
    CHECK(!bearer("claim_validator: {audience: {match_with_client_id: true, required: true}}").audience.absent_ok);
    CHECK(bearer("claim_validator: {audience: {match_with_client_id: false}}").audience.any);
    CHECK(dropped(bearer("claim_validator: {audience: {match_with_client_id: true, claim: azp}}"),
                  "claim_validator.audience"));
    CHECK(dropped(bearer("claim_validator: {audience: {required: true}}"), "claim_validator.audience"));
    CHECK(dropped(bearer("claim_validator: {issuer: {valid_issuers: ['${X}']}}"), "claim_validator.issuer"));
    CHECK(openid("bearer_only: true, public_key: pem").front().accepts.front().keys.front().location.value == "pem");
}

TEST_CASE("gateway/apisix: openid-connect otherwise") {
    CHECK(openid("scope: x").front().guard == Guard::opaque); // people log in
    CHECK(openid("use_jwks: true").size() == 2);
    CHECK(openid("unauth_action: pass").front().guard == Guard::open);
    CHECK(openid("unauth_action: pass, bearer_only: true, use_jwks: true").front().guard == Guard::paths);
    CHECK(openid("bearer_only: true, introspection_endpoint: 'https://a'").front().guard == Guard::opaque);
    CHECK(openid("bearer_only: '${X}'").front().guard == Guard::opaque);
    CHECK(openid("bearer_only: true, use_jwks: true, secret: x").front().guard ==
          Guard::opaque); // the library reads it
    const auto none = openid("bearer_only: true, use_jwks: true, accept_none_alg: true");
    REQUIRE(none.front().accepts.size() == 2);
    CHECK(none.front().accepts[1].signature_unchecked);
    CHECK(openid("bearer_only: true, use_jwks: true, accept_none_alg: '${X}'").front().guard == Guard::opaque);
}

TEST_CASE("gateway/apisix: which plugin holds where") {
    const std::string token = "{jwt-auth: {}}";
    const auto first = [&](const std::string& text) { return read(text + kConsumers).front(); };
    CHECK(first("services: [{id: s, plugins: " + token + "}]\nroutes: [{uri: /a, service_id: s}]\n").accepts.size() ==
          1);
    CHECK(first("services: [{id: s, plugins: " + token + "}]\nroutes: [{uri: /a, service_id: t}]\n").guard ==
          Guard::opaque);
    CHECK(first("plugin_configs: [{id: 1, plugins: " + token + "}]\nroutes: [{uri: /a, plugin_config_id: 1}]\n")
              .accepts.size() == 1);
    CHECK(first("global_rules: [{id: 1, plugins: " + token + "}]\nroutes: [{uri: /a}]\n").accepts.size() == 1);
    CHECK(first("services: [{id: s, plugins: " + token +
                "}]\nroutes: [{uri: /a, service_id: s, plugins: {jwt-auth: "
                "{_meta: {disable: true}}}}]\n")
              .guard == Guard::open);
    CHECK(first("routes: [{uri: /a, plugins: {key-auth: {}}}]\n").guard == Guard::opaque);
    CHECK(dropped(route("jwt-auth: {}, ip-restriction: {}").front().accepts.front(), "ip-restriction"));
    CHECK(first("routes: [{uri: /a, plugins: '${X}'}]\n").guard == Guard::opaque);
    CHECK(first("routes: [{uri: /a, script: x}]\n").guard == Guard::opaque);
    CHECK(first("routes: [{uri: /a, status: 0}, {uri: /b, plugins: {jwt-auth: {}}}]\n").name == "route /b");
    CHECK(read(kConsumers).front().guard == Guard::opaque);
}

TEST_CASE("gateway/apisix: what is not known may let anything pass") {
    CHECK(route("jwt-auth: {allow: all}").front().guard == Guard::opaque);
    CHECK(route("jwt-auth: {}", "").front().guard == Guard::opaque); // which consumers there are
    CHECK(route("jwt-auth: {}", "consumers: [{username: c, plugins: {jwt-auth: {key: k, more: x}}}]").front().guard ==
          Guard::opaque);
}
