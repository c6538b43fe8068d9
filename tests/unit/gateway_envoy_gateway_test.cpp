// SecurityPolicy of Envoy Gateway in the normal form: what its source (internal/xds/translator) and API say of each
// field.
#include <doctest/doctest.h>

#include "../support/envoy_gateway.h"

using namespace jwtdomain;
using namespace jwtdomain::test::envoy_gateway;
using Guard = accept::Entry::Guard;
using policy::DeclaredPath;
using policy::DeclaredVerifier;

namespace {

DeclaredVerifier of(const std::string& spec) { return one(security(kOnRoute + ", " + spec)); }

DeclaredPath path(const std::string& spec) {
    const DeclaredVerifier verifier = of(spec);
    REQUIRE(verifier.accepts.size() == 1);
    return verifier.accepts.front();
}

DeclaredPath provider(const std::string& fields) { return path("jwt: {providers: [{name: p, " + fields + "}]}"); }

std::string rules(const std::string& all, const std::string& more = "") {
    return kJwt + ", authorization: {rules: [" + all + "]" + more + "}";
}
std::string allow(const std::string& principal) { return "{action: Allow, principal: {" + principal + "}}"; }
std::string claims(const std::string& all) { return allow("jwt: {provider: p, claims: [" + all + "]}"); }
std::string scopes(const std::string& all) { return allow("jwt: {provider: p, scopes: [" + all + "]}"); }

} // namespace

TEST_CASE("gateway/envoy-gateway: the example is recognised and read") {
    const auto all = read(test::gateway_data("envoy-gateway.yaml"));
    CHECK(names(all) == Names{"HTTPRoute shop/orders (orders.prod.example.com/orders*): GET",
                              "HTTPRoute shop/web (www.prod.example.com/*)", "Gateway edge/public"});
    REQUIRE(all[0].accepts.size() == 2); // the scope may be in scope or in scp
    for (const DeclaredPath& each : all[0].accepts) {
        CHECK(each.dropped.empty());
        CHECK(each.issuer.allowed.exact == Names{"https://login.prod.example.com"});
        CHECK(claim(each, {"tenant"})->values.exact == Names{"prod"});
    }
    CHECK(all[1].guard == Guard::open);
    CHECK(all[2].accepts.at(0).dropped.empty());
}

TEST_CASE("gateway/envoy-gateway: a provider is verified as Envoy's jwt_authn does") {
    const DeclaredPath full = path("jwt: {providers: [" + kProvider + "]}");
    CHECK(full.name == "p");
    CHECK(full.issuer.allowed.exact == Names{"https://i.example"});
    CHECK(!full.issuer.absent_ok);
    CHECK(full.audience.any_of.exact == Names{"a"});
    CHECK(full.audience.comparison == accept::AudienceComparison::without_scheme_and_slash);
    CHECK(full.time.expiry == accept::Presence::optional);
    CHECK(full.time.not_before);
    CHECK(full.time.leeway == 60);
    CHECK(full.kid == accept::KidRule::hint);
    CHECK(full.keys.front().location.value == "https://i.example/k");
    CHECK(full.dropped.empty());
    const DeclaredPath bare = provider(kKeys);
    CHECK(bare.issuer.allowed.any);
    CHECK(bare.issuer.absent_ok);
    CHECK(bare.audience.any);
    CHECK(provider("extractFrom: {cookies: [t]}, claimToHeaders: [{header: x, claim: y}], " + kKeys).dropped.empty());
    CHECK(of("jwt: {providers: [{name: p, " + kKeys + "}, {name: q, " + kKeys + "}]}").accepts.size() == 2);
}

TEST_CASE("gateway/envoy-gateway: where the keys are") {
    const auto place = [](const std::string& fields) { return provider(fields).keys.front().location; };
    CHECK(place("localJWKS: {type: Inline, inline: '{\"keys\":[]}'}").kind == policy::KeyLocation::Kind::text);
    for (const char* unread :
         {"localJWKS: {inline: '{{ .Values.jwks }}'}", "localJWKS: {type: ValueRef, valueRef: {name: k}}",
          "localJWKS: {valueRef: {name: '{{ .k }}://x'}}",
          "remoteJWKS: {uri: 'https://i.example/k', backendRefs: [{name: b, port: 443}]}", "claimToHeaders: []",
          "remoteJWKS: {uri: 'https://{{ .Values.host }}/k'}"}) {
        CAPTURE(unread);
        CHECK(place(unread).kind == policy::KeyLocation::Kind::file);
    }
    const std::string by_name =
        security(kOnRoute + ", jwt: {providers: [{name: p, localJWKS: {valueRef: {name: k}}}]}");
    const auto map = [](const std::string& data, const std::string& name_space) {
        return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: k, namespace: " + name_space + "}\ndata: {" +
               data + "}\n";
    };
    const auto kind = [&](const std::string& maps) {
        return one(by_name + maps).accepts.at(0).keys.front().location.kind;
    };
    CHECK(kind(map("jwks: '{}', other: x", "prod")) == policy::KeyLocation::Kind::text);
    CHECK(kind(map("only: '{}'", "prod")) == policy::KeyLocation::Kind::text);
    CHECK(kind(map("one: '{}', two: '{}'", "prod")) == policy::KeyLocation::Kind::file);
    CHECK(kind(map("jwks: '{}'", "test")) == policy::KeyLocation::Kind::file);
    CHECK(kind(map("jwks: '{}'", "prod") + map("jwks: '[]'", "prod")) == policy::KeyLocation::Kind::file);
}

TEST_CASE("gateway/envoy-gateway: what is put in later is not known") {
    const DeclaredPath later = provider("issuer: '${ISSUER}', audiences: [a, '{{ .b }}'], " + kKeys);
    CHECK(later.issuer.allowed.any);
    CHECK(later.audience.any);
    CHECK(later.dropped.size() == 2);
    CHECK(!path("jwt: {providers: [{name: !Ref p, " + kKeys + "}]}").name.empty());
    CHECK(of("jwt: {optional: '{{ .o }}', providers: [" + kProvider + "]}").guard == Guard::opaque);
    const DeclaredPath claim_later = path(rules(claims("{name: t, values: ['{{ .t }}']}")));
    CHECK(claim_later.claims.empty());
    CHECK(claim_later.dropped.size() == 1);
    CHECK(path(rules(scopes("'{{ .s }}'"))).dropped.size() == 1);
    CHECK(of(rules(allow("jwt: {provider: '{{ .p }}', scopes: [s]}"))).accepts.size() == 2);
    CHECK(of(rules("{action: '{{ .a }}', principal: {jwt: {provider: p, scopes: [s]}}}")).guard == Guard::opaque);
}

TEST_CASE("gateway/envoy-gateway: what a request without a token may do") {
    CHECK(of("cors: {}").guard == Guard::open);
    CHECK(of("jwt: {providers: []}").guard == Guard::open);
    CHECK(of("jwt: {optional: true, providers: [" + kProvider + "]}").guard == Guard::open);
    CHECK(of("jwt: {failOpen: true, providers: [" + kProvider + "]}").guard == Guard::open);
    CHECK(of("jwt: {optional: false, providers: [" + kProvider + "]}").guard == Guard::paths);
    // A rule that asks for a token asks for one of a provider, however optional it is before.
    const std::string optional = "jwt: {optional: true, providers: [" + kProvider + "]}, authorization: ";
    CHECK(of(optional + "{rules: [" + scopes("s") + "]}").guard == Guard::paths);
    CHECK(of(optional + "{rules: [" + scopes("s") + "], defaultAction: Allow}").guard == Guard::open);
    CHECK(of(optional + "{rules: [" + allow("clientCIDRs: [10.0.0.0/8]") + "]}").guard == Guard::opaque);
    CHECK(is_nothing(of(optional + "{}")));
    CHECK(is_nothing(of("authorization: {defaultAction: Deny}")));
    CHECK(of("authorization: {defaultAction: Allow}").guard == Guard::open);
    CHECK(of("authorization: {rules: [" + allow("clientCIDRs: [10.0.0.0/8]") + "]}").guard == Guard::opaque);
}

TEST_CASE("gateway/envoy-gateway: claims are exact strings, or members of lists") {
    const DeclaredPath scalar = path(rules(claims("{name: tenant, values: [prod, stage]}")));
    REQUIRE(claim(scalar, {"tenant"}) != nullptr);
    CHECK(claim(scalar, {"tenant"})->values.exact == Names{"prod", "stage"});
    CHECK(claim(scalar, {"tenant"})->shape == accept::ClaimShape::scalar);
    CHECK(!claim(scalar, {"tenant"})->absent_ok);
    CHECK(scalar.dropped.empty());
    const DeclaredPath several = path(rules(claims("{name: roles, valueType: StringArray, values: [a]}")));
    CHECK(claim(several, {"roles"})->shape == accept::ClaimShape::list);
    // A name is split at each dot: a claim that has one in its name is never looked at.
    CHECK(claim(path(rules(claims("{name: realm_access.roles, valueType: StringArray, values: [a]}"))),
                {"realm_access", "roles"}) != nullptr);
    CHECK(claim(path(rules(claims("{name: 'https://x.example/t', values: [a]}"))), {"https://x", "example/t"}) !=
          nullptr);
    // jwt_authn makes the words of these a list.
    CHECK(claim(path(rules(claims("{name: scope, valueType: StringArray, values: [a]}"))), {"scope"})->shape ==
          accept::ClaimShape::words);
    const DeclaredPath twice = path(rules(claims("{name: t, values: [a, b]}, {name: t, values: [b, c]}")));
    CHECK(twice.claims.size() == 2);
    CHECK(
        path(rules(claims("{name: t, values: [a]}, {name: t, values: [b]}, {name: t, values: [c]}"))).dropped.size() ==
        1);
}

TEST_CASE("gateway/envoy-gateway: claims that are the issuer or the audience") {
    CHECK(path(rules(claims("{name: iss, values: ['https://i.example', x]}"))).issuer.allowed.exact ==
          Names{"https://i.example"});
    CHECK(is_nothing(of(rules(claims("{name: iss, values: [x]}")))));
    const std::string any = "jwt: {providers: [{name: p, " + kKeys + "}]}, authorization: {rules: [";
    const DeclaredPath issuers =
        path(any + claims("{name: iss, values: [x, any]}, {name: iss, values: [any, z]}") + "]}");
    CHECK(issuers.issuer.allowed.contains("any"));
    CHECK(!issuers.issuer.allowed.contains("x"));
    CHECK(!issuers.issuer.absent_ok);
    const DeclaredPath audience = path(any + claims("{name: aud, values: [x]}") + "]}");
    CHECK(audience.audience.any_of.exact == Names{"x"});
    CHECK(audience.audience.string_only);
    CHECK(!path(any + claims("{name: aud, valueType: StringArray, values: [x]}") + "]}").audience.string_only);
    CHECK(claim(path(rules(claims("{name: aud, values: [x]}"))), {"aud"}) != nullptr); // beside the provider's
}

TEST_CASE("gateway/envoy-gateway: each scope is in scope or in scp") {
    const auto one_scope = of(rules(scopes("a"))).accepts;
    REQUIRE(one_scope.size() == 2);
    CHECK(claim(one_scope[0], {"scope"})->shape == accept::ClaimShape::words);
    CHECK(claim(one_scope[0], {"scp"}) == nullptr);
    CHECK(claim(one_scope[1], {"scp"}) != nullptr);
    const auto two = of(rules(scopes("a, b"))).accepts;
    CHECK(two.size() == 4);
    for (const DeclaredPath& each : two) CHECK(each.dropped.empty());
    const auto four = of(rules(scopes("a, b, c, d"))).accepts;
    REQUIRE(four.size() == 3);
    CHECK(four[0].dropped.empty());
    CHECK(four[2].dropped.size() == 1);
    CHECK(claim(four[2], {"scope"}) != nullptr);
    CHECK(claim(four[2], {"scp"}) != nullptr);
}

TEST_CASE("gateway/envoy-gateway: rules are told by operation, and Deny rules only take away") {
    const auto all = read(security(
        kOnRoute + ", " +
        rules(
            "{action: Allow, operation: {methods: [GET, HEAD], path: {type: PathPrefix, value: /a}}, principal: {jwt: "
            "{provider: p, claims: [{name: t, values: [x]}]}}}, "
            "{action: Deny, principal: {jwt: {provider: p, claims: [{name: t, values: [evil]}]}}}, " +
                claims("{name: t, values: [y]}") + ", " + claims("{name: t, values: [z]}"),
            ", defaultAction: Deny")));
    CHECK(names(all) == Names{"HTTPRoute prod/r: GET|HEAD /a*", "HTTPRoute prod/r"});
    CHECK(all[0].accepts.at(0).dropped.empty()); // the Deny rule comes after it
    REQUIRE(all[1].accepts.size() == 2);
    CHECK(all[1].accepts[0].dropped.size() == 1);
    // A rule for another provider's tokens matches none of these.
    CHECK(is_nothing(of(rules(allow("jwt: {provider: q, scopes: [s]}")))));
    // What is asked of the request itself is a condition more.
    CHECK(path(rules(allow("clientCIDRs: [10.0.0.0/8], headers: [{name: x, values: [y]}]"))).dropped.size() == 2);
    CHECK(path(rules("{action: Allow, cel: 'request.method == \"GET\"'}")).dropped.size() == 1);
    CHECK(path(rules("{action: Deny, principal: {clientCIDRs: [10.0.0.0/8]}}", ", defaultAction: Allow"))
              .dropped.size() == 1);
}

TEST_CASE("gateway/envoy-gateway: other authentication beside tokens") {
    for (const char* other :
         {"basicAuth: {users: {name: u}}", "apiKeyAuth: {credentialRefs: []}", "oidc: {clientID: c}",
          "extAuth: {http: {backendRefs: [], headersToBackend: [x-user]}}", "extAuth: {http: {}}"}) {
        CAPTURE(other);
        CHECK(path(kJwt + ", " + other).dropped.size() == 1);
        CHECK(of(other).guard == Guard::opaque);
        CHECK(of("jwt: {optional: true, providers: [" + kProvider + "]}, " + other).guard == Guard::opaque);
    }
    // A service that may put another token into the request.
    for (const char* other :
         {"extAuth: {grpc: {backendRefs: []}}", "extAuth: {http: {headersToBackend: [Authorization]}}",
          "extAuth: {http: {headersToBackend: ['{{ .h }}']}}", "extAuth: {}"}) {
        CAPTURE(other);
        CHECK(of(kJwt + ", " + other).guard == Guard::opaque);
    }
    const std::string from = "jwt: {providers: [{name: p, extractFrom: {headers: [{name: X-Token}]}, " + kKeys + "}]}";
    CHECK(of(from + ", extAuth: {http: {headersToBackend: [x-token]}}").guard == Guard::opaque);
    CHECK(of(from + ", extAuth: {http: {headersToBackend: [x-user]}}").guard == Guard::paths);
}

TEST_CASE("gateway/envoy-gateway: what is not known is opaque, and what is wrong does not crash") {
    for (const char* spec :
         {"lenient: true",
          "jwt: x",
          "jwt: {lenient: true}",
          "jwt: {providers: x}",
          "jwt: {providers: [x]}",
          "jwt: {providers: [{name: p, skew: 1}]}",
          "jwt: {providers: [{issuer: i}]}",
          "jwt: {providers: [{name: p, issuer: [i]}]}",
          "jwt: {providers: [{name: p, audiences: a}]}",
          "authorization: x",
          "authorization: {rules: x}",
          "authorization: {rules: [x]}",
          "authorization: {defaultAction: Perhaps}",
          "authorization: {rules: [{action: Allow}]}",
          "authorization: {rules: [{principal: {clientCIDRs: [a]}}]}",
          "authorization: {rules: [{action: Allow, principal: {}}]}",
          "authorization: {rules: [{action: Allow, principal: {ip: x}}]}",
          "authorization: {rules: [{action: Allow, principal: {jwt: {claims: []}}}]}",
          "authorization: {rules: [{action: Allow, principal: {jwt: {provider: p, scopes: [1]}}}]}",
          "authorization: {rules: [{action: Allow, principal: {jwt: {provider: p, claims: [{name: a}]}}}]}",
          "authorization: {rules: [{action: Allow, principal: {jwt: {provider: p, claims: [{name: a, values: "
          "[1]}]}}}]}",
          "authorization: {rules: [{action: Allow, principal: {jwt: {provider: p, claims: [{name: a, valueType: Glob, "
          "values: [x]}]}}}]}",
          "authorization: {rules: [{action: Allow, operation: {hosts: [x]}, principal: {clientCIDRs: [a]}}]}",
          "mergeType: Other",
          "mergeType: '{{ .m }}'"}) {
        CAPTURE(spec);
        CHECK(of(spec).guard == Guard::opaque);
    }
    CHECK(one(resource("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", "name: s", "x")).guard == Guard::opaque);
    CHECK(one(resource("gateway.envoyproxy.io/v2", "SecurityPolicy", "name: s", "{" + kOnRoute + "}")).guard ==
          Guard::opaque);
}

TEST_CASE("gateway/envoy-gateway: rules, providers and scopes that multiply are cut off") {
    std::string providers, all;
    for (int i = 0; i < 100; ++i) {
        providers += "{name: '{{ .p }}', " + kKeys + "}, ";
        all += scopes("a, b, c") + ", ";
    }
    const auto verifiers =
        read(security(kOnRoute + ", jwt: {providers: [" + providers + "]}, authorization: {rules: [" + all + "]}"));
    REQUIRE(verifiers.size() == 1);
    CHECK(verifiers.front().guard == Guard::opaque);
}
