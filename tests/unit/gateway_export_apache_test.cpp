// What is written for mod_oauth2: each claim compared twice, a cache that keeps nothing, and what is lost.
#include <doctest/doctest.h>

#include "gateway_order.h"

using namespace jwtdomain;
using namespace jwtdomain::test_order;

TEST_CASE("gateway/export_apache: what the policy asks for is required") {
    const auto out = written(order_for(Algorithm::ES256), "apache");
    CHECK(has(out.text, "OAuth2Cache shm \"name=prod\"\n"));
    CHECK(has(out.text, "    AuthType oauth2\n    OAuth2TokenVerify jwk \"{\\\"kty\\\":"));
    CHECK(has(out.text, "\"verify.exp=required&expiry=0&verify.cache=prod&verify.iat.slack_after=30"
                        "&verify.iat=required&verify.iat.slack_before=600\"\n"));
    CHECK(has(out.text, "Require oauth2_claim \"iss:https://auth.example.com\"\n"));
    CHECK(has(out.text, "Require oauth2_claim \"aud:https://api.example.com\"\n"));
    CHECK(has(out.text, "Require oauth2_claim \"domain:prod\"\n"));
    CHECK(has(out.text, "Require expr \"%{env:OAUTH2_CLAIM_access_token} == '' || "
                        "%{env:OAUTH2_CLAIM_domain} in { 'prod' }\"\n"));
    CHECK(has(out.text, "%{env:OAUTH2_CLAIM_exp} =~ m#^[1-9][0-9]*\\z#\"\n")); // a negative one would pass
    CHECK(has(out.text, "<RequireAll>")); // lines by themselves would be alternatives
    CHECK(words(out) == "algorithms type lifetime not-before reading");
}

TEST_CASE("gateway/export_apache: methods of a path need their scopes") {
    gateway::Order order = order_for(Algorithm::ES256);
    add_resource(order, "https://api.example.com/orders", {"GET"}, {"a.b"});
    add_resource(order, "https://api.example.com/orders", {"POST", "PUT"}, {"c"});
    const auto out = written(order, "apache");
    CHECK(out.text.find("<Location \"/\">") < out.text.find("<Location \"/orders\">")); // the later one holds
    CHECK(has(out.text, "Require expr \"%{REQUEST_METHOD} in { 'GET' }\"\n"));
    CHECK(has(out.text, "Require expr \"%{REQUEST_METHOD} in { 'POST', 'PUT' }\"\n"));
    CHECK(has(out.text, "%{env:OAUTH2_CLAIM_scope} =~ m#(^| )a\\x2eb( |\\z)#\"\n"));
}

TEST_CASE("gateway/export_apache: a value stays one") {
    gateway::Order order = order_for(Algorithm::ES256);
    own(order).audience.any_of.exact = {"it's \"a\" \\ %{x} $1 <Location />"};
    const auto out = written(order, "apache");
    CHECK(has(out.text, "Require oauth2_claim \"aud:it's \\\"a\\\" \\\\ %{x} $1 <Location />\"\n"));
    CHECK(has(out.text, "in { 'it\\'s \"a\" \\\\ \\%{x} \\$1 <Location />' }\"\n"));
    for (const char* bad : {"a\nRequire all granted", "${HOME}", ""}) {
        own(order).audience.any_of.exact = {bad};
        CHECK(has(failure(order, "apache"), "Apache cannot be given the value"));
    }
    order = order_for(Algorithm::ES256);
    order.keys.front().metadata.kid = own(order).signing.keys.front().kid = "${HOME}\"";
    CHECK(has(written(order, "apache").text, "\\\\u0024{HOME}\\\\\\\""));
    order.keys_url = "https://a.example/\n";
    CHECK(has(failure(order, "apache"), "cannot be given the value"));
}

TEST_CASE("gateway/export_apache: claims that it cannot look for are a loss") {
    gateway::Order order = order_for(Algorithm::ES256);
    own(order).claims.front().path = {"a", "b.c"};
    CHECK(has(words(written(order, "apache")), "domain"));
    order = order_for(Algorithm::ES256);
    own(order).claims.pop_back();
    CHECK(has(words(written(order, "apache")), "claims")); // it needs sub, which the policy does not
    order = order_for(Algorithm::ES256);
    accept::ClaimRule groups;
    groups.path = {"groups"};
    groups.shape = accept::ClaimShape::list;
    groups.test = accept::ClaimTest::has_any;
    groups.values.exact = {"x", "y"};
    own(order).claims.push_back(groups);
    const auto out = written(order, "apache");
    CHECK(has(out.text, "Require oauth2_claim \"groups:x\" \"groups:y\"\n"));
    CHECK_FALSE(has(words(out), "claims"));
}

TEST_CASE("gateway/export_apache: it says what mod_oauth2 cannot do") {
    for (const Algorithm algorithm : {Algorithm::Ed25519, Algorithm::ES256K})
        CHECK(has(failure(order_for(algorithm), "apache"), "--alg ES256"));
    gateway::Order order = order_for(Algorithm::ES256);
    own(order).audience.any_of.exact.clear();
    CHECK(has(failure(order, "apache"), "audience"));
}
