// What is written for HAProxy: rules for all that the policy asks for, values that stay values, and what is lost.
#include <doctest/doctest.h>

#include "gateway_order.h"

using namespace jwtdomain;
using namespace jwtdomain::test_order;

namespace {

gateway::Order with_directory() {
    gateway::Order order = order_for(Algorithm::ES256);
    order.key_directory = "/etc/haproxy/keys";
    return order;
}

} // namespace

TEST_CASE("gateway/export_haproxy: what the policy asks for is a rule") {
    const auto out = written(with_directory(), "haproxy");
    CHECK(has(out.text, "acl is_ES256 http_auth_bearer,jwt_header_query('$.alg') -m str -- 'ES256'\n"));
    CHECK(has(out.text, "acl by_ES256 http_auth_bearer,jwt_verify(ES256,/etc/haproxy/keys/prod-1.pem) 1\n"));
    CHECK(has(out.text, "http-request deny deny_status 401 unless is_ES256 by_ES256\n"));
    CHECK(has(out.text, "jwt_header_query('$.typ') -m str -- 'at+jwt' 'application/at+jwt'"));
    CHECK(has(out.text, "jwt_payload_query('$.iss') -m str -- 'https://auth.example.com'\n"));
    CHECK(has(out.text, "jwt_payload_query('$.aud') -m str -- 'https://api.example.com'\n"));
    CHECK(has(out.text, "jwt_payload_query('$.domain') -m str -- 'prod'\n"));
    CHECK(has(out.text, "unless exp_is_positive exp_is_ahead\n"));
    CHECK(has(out.text, "deny_status 401 if time_is_no_number\n"));
    CHECK(has(out.text, "set-var(txn.jwt_then) date(-30)\n"));
    CHECK(has(out.text, "if nbf_is_ahead\n"));
    CHECK(has(out.text, "if iat_is_ahead\n"));
    CHECK(has(out.text, "unless life_begins life_ends\n"));
    CHECK_FALSE(has(out.text, " gt -")); // HAProxy reads that as something else
    CHECK(words(out) == "reading");
    REQUIRE(out.key_files.size() == 1);
    CHECK(out.key_files.front().name == "prod-1.pem");
    CHECK(has(out.key_files.front().text, "-----BEGIN PUBLIC KEY-----"));
}

TEST_CASE("gateway/export_haproxy: methods of a path need their scopes, others are refused") {
    gateway::Order order = with_directory();
    add_resource(order, "https://api.example.com/orders/", {"GET"}, {"a.b"});
    add_resource(order, "https://api.example.com/orders", {"POST"}, {"c", "d"});
    const auto out = written(order, "haproxy");
    CHECK(has(out.text, "acl at_1 path -m reg -- '^/orders(/|$)'\n"));
    CHECK(has(out.text, "-m reg -- '(^| )a\\.b( |$)'\n"));
    CHECK(has(out.text, "http-request allow if at_1 method_1 aud_1 scope_1\n"));
    CHECK(has(out.text, "http-request allow if at_1 method_2 aud_1 scope_2 scope_3\n"));
    CHECK(has(out.text, "http-request deny deny_status 403 if at_1\n"));
    CHECK(has(out.text, "deny_status 400 if path_is_odd\n"));
    CHECK(out.text.ends_with("http-request deny deny_status 403 unless aud_1\n"));
}

TEST_CASE("gateway/export_haproxy: a value stays one") {
    gateway::Order order = with_directory();
    own(order).audience.any_of.exact = {"it's } -f /etc/passwd # $HOME \"%[src]\" \\"};
    const auto out = written(order, "haproxy");
    CHECK(has(out.text, "-m str -- 'it'\\''s } -f /etc/passwd # $HOME \"%[src]\" \\'\n"));
    for (const char* bad : {"a\nhttp-request allow", "a\rb", ""}) {
        own(order).audience.any_of.exact = {bad};
        CHECK(has(failure(order, "haproxy"), "HAProxy cannot be given the value"));
    }
    order = with_directory();
    order.key_directory = "/keys 'x";
    CHECK(has(failure(order, "haproxy"), "cannot be given the directory"));
    order = with_directory();
    order.domain = "prod/a b";
    CHECK(has(written(order, "haproxy").text, "\nfrontend prod_a_b\n"));
}

TEST_CASE("gateway/export_haproxy: a claim's name that cannot be written is a loss") {
    gateway::Order order = with_directory();
    own(order).claims.front().path = {"https://a.example/tenant"};
    auto out = written(order, "haproxy");
    CHECK(has(out.text, "jwt_payload_query('$.https://a\\.example/tenant')"));
    CHECK(words(out) == "reading");
    own(order).claims.front().path = {"a'),always_true"};
    out = written(order, "haproxy");
    CHECK_FALSE(has(out.text, "always_true"));
    CHECK(words(out) == "domain reading");
}

TEST_CASE("gateway/export_haproxy: it says what HAProxy cannot do") {
    for (const Algorithm algorithm : {Algorithm::Ed25519, Algorithm::ES256K, Algorithm::PS256}) {
        gateway::Order order = order_for(algorithm);
        order.key_directory = "/k";
        CHECK(has(failure(order, "haproxy"), "--alg ES256"));
    }
    CHECK(has(failure(order_for(Algorithm::ES256), "haproxy"), "--key-dir"));
    gateway::Order order = with_directory();
    add_resource(order, "https://api.example.com", {}, {});
    add_resource(order, "https://other.example.com", {}, {});
    CHECK(has(failure(order, "haproxy"), "--resource"));
    order = with_directory();
    own(order).audience.must_be_absent = true;
    CHECK(has(failure(order, "haproxy"), "aud must be there"));
}

TEST_CASE("gateway/export_haproxy: what is refused beyond the policy is named") {
    gateway::Order order = with_directory();
    order.keys_url = "https://a.example/jwks";
    own(order).issuer.absent_ok = true;
    own(order).audience.absent_ok = true;
    own(order).audience.subset_of->push_back("urn:neutral");
    CHECK(words(written(order, "haproxy")) == "keys issuer audience audience reading");
}
