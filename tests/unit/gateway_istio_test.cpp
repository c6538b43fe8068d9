// Istio's policies in the normal form: each thing that istiod's source (pilot/pkg/security) and API say of a field.
#include <algorithm>
#include <doctest/doctest.h>

#include "../support/istio.h"

using namespace jwtdomain;
using namespace jwtdomain::test::istio;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;

namespace {

const std::string kRule = "{issuer: 'https://i.example', audiences: [a], jwks: '{\"keys\":[]}'}";

// What a rule of a policy for all tokens of kRule comes to.
DeclaredVerifier allowed(const std::string& rule, const std::string& jwt_rule = kRule) {
    return one(authentication(jwt_rule) + authorization("rules: [" + rule + "]"));
}

DeclaredPath path(const std::string& rule, const std::string& jwt_rule = kRule) {
    const DeclaredVerifier verifier = allowed(rule, jwt_rule);
    REQUIRE(verifier.accepts.size() == 1);
    return verifier.accepts.front();
}

std::string from(const std::string& principals) {
    return "{from: [{source: {requestPrincipals: [" + principals + "]}}]}";
}
std::string when(const std::string& key, const std::string& values) {
    return "{when: [{key: '" + key + "', values: [" + values + "]}]}";
}

DeclaredVerifier denied(const std::string& rules) {
    return one(authentication(kRule) + authorization("action: DENY\n  rules: [" + rules + "]"));
}

} // namespace

TEST_CASE("gateway/istio: a JWT rule is verified as Envoy's jwt_authn does") {
    const DeclaredPath full =
        path(from("'*'"), "{issuer: 'https://i.example', audiences: ['https://a.example/'], jwksUri: "
                          "'https://i.example/k', fromHeaders: [{name: x, prefix: y}], fromParams: "
                          "[t], fromCookies: [c], forwardOriginalToken: true, timeout: 5s}");
    CHECK(full.issuer.allowed.exact == Names{"https://i.example"});
    CHECK(!full.issuer.absent_ok);
    CHECK(full.audience.any_of.exact == Names{"https://a.example/"});
    CHECK(full.audience.comparison == accept::AudienceComparison::without_scheme_and_slash);
    CHECK(full.time.expiry == accept::Presence::optional);
    CHECK(full.time.not_before);
    CHECK(full.time.leeway == 60);
    CHECK(full.kid == accept::KidRule::hint);
    CHECK(!full.algorithms);
    CHECK(full.type.any);
    CHECK(full.dialect.ignores_crit);
    CHECK(full.keys.front().location.value == "https://i.example/k");
    CHECK(full.dropped.empty());
    REQUIRE(claim(full, {"sub"}) != nullptr); // "*" asks for a subject, too
    CHECK(!claim(full, {"sub"})->absent_ok);
    CHECK(claim(full, {"sub"})->values.contains("x"));
    CHECK(!claim(full, {"sub"})->values.contains(""));
}

TEST_CASE("gateway/istio: what a JWT rule does not say") {
    const DeclaredPath bare = path(from("'*'"), "{jwksUri: 'https://i.example/k'}");
    CHECK(bare.issuer.allowed.contains("https://anybody.example"));
    CHECK(!bare.issuer.allowed.contains("")); // "*"
    CHECK(bare.audience.any);
    // Keys: inline, or by the issuer's metadata.
    CHECK(path(from("'*'"), "{issuer: 'https://i.example/'}").keys.front().location.value ==
          "https://i.example/.well-known/openid-configuration");
    CHECK(path(from("'*'")).keys.front().location.kind == policy::KeyLocation::Kind::text);
    // Who fetches decides which of two counts.
    CHECK(path(from("'*'"), "{issuer: i, jwks: '{}', jwks_uri: 'https://i.example/k'}").keys.size() == 2);
    // An address that is none, and one that is put in later, cannot be read.
    for (const char* uri : {"ftp://x", "https://{{ .Values.host }}/k", "https://", "x", "https://x/{iss}"}) {
        CAPTURE(uri);
        CHECK(path(from("'*'"), "{issuer: i, jwksUri: '" + std::string(uri) + "'}").keys.front().location.kind ==
              policy::KeyLocation::Kind::file);
    }
}

TEST_CASE("gateway/istio: a principal is split at its last slash") {
    const DeclaredPath exact = path(from("'https://i.example/x'"));
    CHECK(exact.dropped.empty());
    REQUIRE(claim(exact, {"sub"}) != nullptr);
    CHECK(claim(exact, {"sub"})->values.exact == Names{"x"});
    const auto subject = [](const std::string& principals) {
        const DeclaredPath found = path(from(principals));
        REQUIRE(claim(found, {"sub"}) != nullptr);
        return claim(found, {"sub"})->values;
    };
    CHECK(subject("'https://i.example/x*'").contains("xyz"));
    CHECK(!subject("'https://i.example/x*'").contains("ax"));
    CHECK(subject("'https://i.example/x', 'https://i.example/y', 'https://j.example/z'").exact == Names{"x", "y"});
    CHECK(subject("'*/*'").exact == Names{"*"}); // not every subject
    CHECK(subject("'*.example/x'").exact == Names{"x"});
    CHECK(subject("'*x'").contains("ax"));
    CHECK(subject("'https://i.example/'").contains(""));
    // A principal of another issuer, or one whose issuer ends elsewhere, lets nothing pass.
    for (const char* other : {"'https://j.example/*'", "'https://i.example'", "'https://i.example/a/b'",
                              "'https://i*/x'", "'https://i.example.evil*'"}) {
        CAPTURE(other);
        CHECK(is_nothing(allowed(from(other))));
    }
}

TEST_CASE("gateway/istio: principals of a JWT rule that names no issuer") {
    const std::string any = "{jwksUri: 'https://i.example/k'}";
    const DeclaredVerifier two =
        allowed(from("'https://i.example/x', 'https://j.example/*', 'https://i.example/y'"), any);
    REQUIRE(two.accepts.size() >= 2); // the others are of older versions
    CHECK(two.accepts[0].issuer.allowed.exact == Names{"https://i.example"});
    CHECK(claim(two.accepts[0], {"sub"})->values.exact == Names{"x", "y"});
    CHECK(two.accepts[1].issuer.allowed.exact == Names{"https://j.example"});
    CHECK(!two.accepts[1].issuer.absent_ok);
    const DeclaredPath prefix = path(from("'https*'"), any);
    CHECK(prefix.issuer.allowed.contains("https://x"));
    CHECK(!prefix.issuer.allowed.contains("http://x"));
    // Of "https://*" the issuer is "https:/"; where it is one text with the subject, any that begins so.
    const DeclaredVerifier scheme = allowed(from("'https://*'"), any);
    CHECK(scheme.accepts.front().issuer.allowed.exact == Names{"https:/"});
    CHECK(std::any_of(scheme.accepts.begin(), scheme.accepts.end(),
                      [](const DeclaredPath& each) { return each.issuer.allowed.contains("https://x"); }));
}

TEST_CASE("gateway/istio: conditions on claims") {
    const DeclaredPath groups = path(when("request.auth.claims[groups]", "admins, 'dev-*', '*-ops'"));
    const accept::ClaimRule* rule = claim(groups, {"groups"});
    REQUIRE(rule != nullptr);
    CHECK(rule->test == accept::ClaimTest::has_any);
    CHECK(rule->shape == accept::ClaimShape::list);
    for (const char* value : {"admins", "dev-x", "x-ops"}) CHECK(rule->values.contains(value));
    CHECK(!rule->values.contains("dev"));
    CHECK(groups.dropped.empty());
    CHECK(claim(path(when("request.auth.claims[a][b]", "x")), {"a", "b"}) != nullptr);
    CHECK(claim(path(when("request.auth.claims[https://x/roles]", "x")), {"https://x/roles"}) != nullptr);
    CHECK(claim(path(when("request.auth.presenter", "x")), {"azp"}) != nullptr);
    CHECK(claim(path(when("request.auth.principal", "'https://i.example/x'")), {"sub"})->values.exact == Names{"x"});
    // Words, where Istio splits them.
    CHECK(claim(path(when("request.auth.claims[scope]", "x")), {"scope"})->shape == accept::ClaimShape::words);
    CHECK(claim(path(when("request.auth.claims[scp]", "x")), {"scp"})->shape == accept::ClaimShape::list);
    CHECK(claim(path(when("request.auth.claims[scp]", "x"), "{issuer: i, spaceDelimitedClaims: [scp]}"), {"scp"})
              ->shape == accept::ClaimShape::words);
    // A presence test does not take the empty text.
    CHECK(!claim(path(when("request.auth.claims[x]", "'*'")), {"x"})->values.contains(""));
    // Two conditions on one claim both hold.
    const DeclaredPath both = path("{when: [{key: 'request.auth.claims[x]', values: [a]}, "
                                   "{key: 'request.auth.claims[x]', values: [b]}]}");
    REQUIRE(both.claims.size() == 1);
    CHECK(both.claims.front().test == accept::ClaimTest::has_all);
    CHECK(both.claims.front().values.exact.size() == 2);
    CHECK(both.dropped.empty());
}

TEST_CASE("gateway/istio: conditions on issuer and audience") {
    CHECK(is_nothing(allowed(when("request.auth.claims[iss]", "'https://j.example'"))));
    CHECK(path(when("request.auth.claims[iss]", "'https://i.*', 'https://i.example'")).claims.empty());
    const DeclaredPath own = path(when("request.auth.audiences", "x, y"), "{issuer: i}");
    CHECK(own.audience.any_of.exact == Names{"x", "y"});
    CHECK(own.audience.comparison == accept::AudienceComparison::exact);
    const DeclaredPath both = path(when("request.auth.audiences", "x"));
    CHECK(both.audience.any_of.exact == Names{"a"});
    REQUIRE(claim(both, {"aud"}) != nullptr);
    CHECK(claim(both, {"aud"})->values.exact == Names{"x"});
}

TEST_CASE("gateway/istio: what is not let pass, and where requests come from, is left out and named") {
    for (const char* rule :
         {"{from: [{source: {requestPrincipals: ['*'], namespaces: [x]}}]}",
          "{from: [{source: {requestPrincipals: ['*'], notRequestPrincipals: ['https://i.example/x']}}]}",
          "{from: [{source: {requestPrincipals: ['*'], notIpBlocks: [10.0.0.0/8]}}]}",
          "{from: [{source: {requestPrincipals: ['*']}}], when: [{key: 'request.headers[x]', values: [y]}]}",
          "{from: [{source: {requestPrincipals: ['*']}}], when: [{key: 'request.auth.claims[x]', notValues: [y]}]}"}) {
        CAPTURE(rule);
        const DeclaredPath found = path(rule);
        CHECK(found.dropped.size() == 1);
        CHECK(found.claims.size() == 1);
    }
}

TEST_CASE("gateway/istio: a request without a token passes until a policy asks for a principal") {
    CHECK(one(authentication(kRule)).guard == Entry::Guard::open);
    for (const char* rule :
         {"{}", "{to: [{operation: {paths: ['/*']}}]}", "{when: [{key: 'request.auth.claims[x]', notValues: [y]}]}",
          "{from: [{source: {notRequestPrincipals: ['*']}}]}"}) {
        CAPTURE(rule);
        CHECK(allowed(rule).guard == Entry::Guard::open);
    }
    // Somebody else's decision.
    CHECK(allowed("{from: [{source: {principals: [x]}}]}").guard == Entry::Guard::opaque);
    CHECK(allowed(from("'*'") + ", {when: [{key: 'request.headers[x-key]', values: [y]}]}").guard ==
          Entry::Guard::opaque);
    CHECK(allowed(from("'*'") + ", {}").guard == Entry::Guard::open);
    // Nothing verifies a token, so none has a principal.
    CHECK(is_nothing(one(authorization("rules: [" + from("'*'") + "]"))));
    CHECK(is_nothing(one(authentication("") + authorization("rules: [" + from("'*'") + "]"))));
}

TEST_CASE("gateway/istio: policies without rules") {
    CHECK(is_nothing(one(authentication(kRule) + authorization("{}"))));
    CHECK(is_nothing(one(authentication(kRule) + authorization("action: ALLOW"))));
    CHECK(one(authentication(kRule) + authorization("rules: [{}]")).guard == Entry::Guard::open);
    CHECK(one(authentication(kRule) + authorization("action: AUDIT\n  rules: [{}]")).guard == Entry::Guard::open);
    CHECK(is_nothing(denied("{}")));
    // An empty one adds nothing to another.
    CHECK(one(authentication(kRule) + authorization("{}") + authorization("rules: [" + from("'*'") + "]"))
              .accepts.size() == 1);
}

TEST_CASE("gateway/istio: a dry run is only recorded") {
    const auto dry = [](const std::string& value) {
        return one(authentication(kRule) +
                   authorization("rules: [" + from("'*'") + "]",
                                 "namespace: prod, annotations: {istio.io/dry-run: " + value + "}"));
    };
    CHECK(dry("'true'").guard == Entry::Guard::open);
    CHECK(dry("'T'").guard == Entry::Guard::open);
    CHECK(dry("'false'").accepts.size() == 1);
    // It may be one.
    CHECK(dry("'{{ .Values.dry }}'").guard == Entry::Guard::open);
    CHECK(dry("true").guard == Entry::Guard::open);
}

TEST_CASE("gateway/istio: DENY asks for what it does not refuse") {
    const DeclaredVerifier any = denied("{from: [{source: {notRequestPrincipals: ['*']}}]}");
    REQUIRE(any.accepts.size() == 1);
    CHECK(any.accepts.front().dropped.empty());
    CHECK(claim(any.accepts.front(), {"sub"}) != nullptr);
    const DeclaredVerifier some = denied("{from: [{source: {notRequestPrincipals: ['https://i.example/x']}}]}");
    REQUIRE(some.accepts.size() == 1);
    CHECK(claim(some.accepts.front(), {"sub"})->values.exact == Names{"x"});
    const DeclaredVerifier value = denied("{when: [{key: 'request.auth.claims[x]', notValues: [y]}]}");
    REQUIRE(value.accepts.size() == 1);
    CHECK(claim(value.accepts.front(), {"x"})->values.exact == Names{"y"});
    // All of several conditions must hold for it to refuse: a token is asked for, but neither on its own.
    const DeclaredVerifier two = denied("{from: [{source: {notRequestPrincipals: ['*']}}], "
                                        "when: [{key: 'request.auth.claims[x]', notValues: [y]}]}");
    REQUIRE(two.accepts.size() == 1);
    CHECK(two.accepts.front().claims.empty());
    CHECK(two.accepts.front().dropped.size() == 1);
}

TEST_CASE("gateway/istio: a denial that cannot be said narrows nothing") {
    for (const char* rule :
         {"{from: [{source: {requestPrincipals: ['https://i.example/x']}}]}",
          "{when: [{key: 'request.auth.claims[x]', values: [y]}]}",
          "{when: [{key: 'request.auth.claims[x]', values: [y], notValues: [z]}]}",
          "{from: [{source: {notRequestPrincipals: ['*'], namespaces: [x]}}]}",
          "{from: [{source: {notRequestPrincipals: ['*']}}], when: [{key: source.ip, values: [1.1.1.1]}]}",
          "{from: [{source: {notRequestPrincipals: ['*'], unknown: [x]}}]}"}) {
        CAPTURE(rule);
        CHECK(denied(rule).guard == Entry::Guard::open);
    }
    const DeclaredVerifier beside =
        one(authentication(kRule) + authorization("rules: [" + from("'*'") + "]") +
            authorization("action: DENY\n  rules: [{from: [{source: {requestPrincipals: ['https://i.example/x']}}]}]"));
    REQUIRE(beside.accepts.size() == 1);
    CHECK(beside.accepts.front().dropped.size() == 1);
}

TEST_CASE("gateway/istio: matching RequestAuthentications are joined") {
    const DeclaredVerifier both = one(authentication(kRule) + authentication("{issuer: 'https://j.example'}") +
                                      authorization("rules: [" + from("'*'") + "]"));
    REQUIRE(both.accepts.size() == 2);
    // Each with what it says itself.
    CHECK(both.accepts[0].audience.any_of.exact == Names{"a"});
    CHECK(both.accepts[1].audience.any);
    // A principal tells them apart.
    CHECK(one(authentication(kRule) + authentication("{issuer: 'https://j.example'}") +
              authorization("rules: [" + from("'https://j.example/*'") + "]"))
              .accepts.size() == 1);
    // Two of one issuer: either verifies.
    CHECK(one(authentication(kRule + ", " + kRule) + authorization("rules: [" + from("'*'") + "]")).accepts.size() ==
          2);
}

TEST_CASE("gateway/istio: an external service, and changed filters, are opaque") {
    const std::string rules = authorization("rules: [" + from("'*'") + "]");
    CHECK(one(authentication(kRule) + rules + authorization("action: CUSTOM\n  provider: {name: x}\n  rules: [{}]"))
              .guard == Entry::Guard::opaque);
    // Only where it decides.
    const auto some = read(authentication(kRule) + rules +
                           authorization("action: CUSTOM\n  provider: {name: x}\n  rules: [{to: [{operation: "
                                         "{paths: [/admin]}}]}]"));
    REQUIRE(some.size() == 2);
    CHECK(some[0].accepts.size() == 1);
    CHECK(some[1].guard == Entry::Guard::opaque);
    const auto filter = [&](const std::string& document) {
        return one(authentication(kRule) + rules + "---\n" + document).guard;
    };
    const std::string head =
        "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {namespace: prod}\n";
    CHECK(filter(head + "spec: {configPatches: [{patch: {value: {name: envoy.filters.http.lua}}}]}\n") ==
          Entry::Guard::opaque);
    CHECK(filter(head + "spec: {configPatches: [{patch: {value: {name: envoy.filters.http.ratelimit}}}]}\n") ==
          Entry::Guard::paths);
    CHECK(filter("apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {namespace: prod}\n"
                 "spec: {phase: AUTHN}\n") == Entry::Guard::opaque);
}

TEST_CASE("gateway/istio: what is put in later is not known") {
    const DeclaredPath issuer = path(from("'*'"), "{issuer: 'https://{{ .Values.host }}', jwksUri: 'https://k'}");
    CHECK(issuer.issuer.allowed.contains("x"));
    CHECK(issuer.dropped.size() == 1);
    const DeclaredPath audience = path(from("'*'"), "{issuer: i, audiences: [a, '${AUDIENCE}']}");
    CHECK(audience.audience.any);
    CHECK(audience.dropped.size() == 1);
    // A principal that is put in later is one, but any.
    const DeclaredPath principal = path(from("'${ISSUER}/*'"));
    CHECK(principal.dropped.size() == 1);
    CHECK(claim(principal, {"sub"}) != nullptr);
    CHECK(path(from("'*'"), "{issuer: i, jwks: '${JWKS}'}").keys.front().location.kind ==
          policy::KeyLocation::Kind::file);
}

TEST_CASE("gateway/istio: what is not known is opaque") {
    for (const std::string& text : {authentication("{issuer: i, takesMore: true}"),
                                    authentication("{issuer: [i]}"),
                                    authentication("1"),
                                    authentication("{issuer: i, audiences: a}"),
                                    authorization("rules: 1"),
                                    authorization("rules: [1]"),
                                    authorization("rules: [null]"),
                                    authorization("rules: [{takesMore: true}]"),
                                    authorization("action: MAYBE"),
                                    authorization("takesMore: true"),
                                    authorization("rules: [{from: []}]"),
                                    authorization("rules: [{from: [{}]}]"),
                                    authorization("rules: [{from: [{source: {request_principals: ['*']}}]}]"),
                                    authorization("rules: [{to: [{operation: {path: [/x]}}]}]"),
                                    authorization("rules: [{when: [{key: x}]}]"),
                                    authorization("rules: [{when: [{key: request.auth.claims, values: [x]}]}]"),
                                    authorization("rules: [{when: [{key: request.auth.other, values: [x]}]}]"),
                                    authorization("rules: [{from: [{source: {requestPrincipals: '*'}}]}]"),
                                    authorization("selector: {matchExpressions: []}"),
                                    authorization("targetRefs: [{kind: Other, name: x}]")}) {
        CAPTURE(text);
        CHECK(one(text).guard == Entry::Guard::opaque);
    }
    CHECK(one("apiVersion: security.istio.io/v2\nkind: AuthorizationPolicy\nspec: {}\n").guard == Entry::Guard::opaque);
}
