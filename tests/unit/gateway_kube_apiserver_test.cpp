// AuthenticationConfiguration in the normal form: each thing that its types, the plugin oidc and go-oidc say.
#include <algorithm>
#include <doctest/doctest.h>
#include <string>

#include "../support/imported.h"

using namespace jwtdomain;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;
using Names = std::vector<std::string>;

namespace {

const std::string kHead = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n";

std::vector<DeclaredVerifier> read(const std::string& text) {
    return test::imported("kube-apiserver", "auth.yaml", text);
}

std::string entry(const std::string& issuer, const std::string& rest = "  claimMappings: {username: {claim: sub}}\n") {
    return "- issuer: {" + issuer + "}\n" + rest;
}

DeclaredVerifier one(const std::string& text) {
    const auto all = read(text);
    REQUIRE(all.size() == 1);
    return all.front();
}

const std::string kIssuer = "url: 'https://i.example', audiences: [a]";

DeclaredPath path(const std::string& issuer, const std::string& rest = "  claimMappings: {username: {claim: sub}}\n") {
    const DeclaredVerifier verifier = one(kHead + "jwt:\n" + entry(issuer, rest));
    REQUIRE(verifier.accepts.size() == 1);
    return verifier.accepts.front();
}

DeclaredPath expression(const std::string& cel) {
    return path(kIssuer, "  claimValidationRules: [{expression: \"" + cel + "\"}]\n");
}

const accept::ClaimRule* claim(const DeclaredPath& path, const Names& name) {
    const auto found = std::find_if(path.claims.begin(), path.claims.end(),
                                    [&](const accept::ClaimRule& rule) { return rule.path == name; });
    return found == path.claims.end() ? nullptr : &*found;
}

} // namespace

TEST_CASE("gateway/kube-apiserver: an authenticator, exactly") {
    const DeclaredPath plain = path(kIssuer);
    CHECK(plain.issuer.allowed.exact == Names{"https://i.example"});
    CHECK(!plain.issuer.absent_ok);
    CHECK(plain.audience.any_of.exact == Names{"a"});
    CHECK(!plain.audience.absent_ok);
    CHECK(plain.audience.comparison == accept::AudienceComparison::exact);
    CHECK(plain.time.expiry == accept::Presence::required);
    CHECK(plain.time.not_before);
    CHECK(plain.kid == accept::KidRule::hint); // without kid every key is tried
    CHECK(plain.type.any);
    REQUIRE(plain.algorithms);
    CHECK(plain.algorithms->size() == 9);
    CHECK(std::find(plain.algorithms->begin(), plain.algorithms->end(), Algorithm::HS256) == plain.algorithms->end());
    CHECK(plain.keys.front().algorithms == plain.algorithms); // a key's own alg is not looked at
    CHECK(plain.keys.front().location.value == "https://i.example/.well-known/openid-configuration");
    CHECK(plain.dropped.empty());
    CHECK(claim(plain, {"sub"}) != nullptr);

    const DeclaredPath elsewhere = path(
        "url: 'https://i.example', discoveryURL: 'https://d.svc/x', audiences: [a, b], audienceMatchPolicy: MatchAny, "
        "egressSelectorType: cluster");
    CHECK(elsewhere.keys.front().location.value == "https://d.svc/x");
    CHECK(elsewhere.audience.any_of.exact == Names{"a", "b"});
    // Google's tokens name it without the scheme, too.
    CHECK(path("url: 'https://accounts.google.com', audiences: [a]").issuer.allowed.exact.size() == 2);
}

TEST_CASE("gateway/kube-apiserver: a claim with its value, and claims that mappings need") {
    const DeclaredPath required = path(kIssuer, "  claimValidationRules: [{claim: hd, requiredValue: x}]\n");
    REQUIRE(claim(required, {"hd"}) != nullptr);
    CHECK(claim(required, {"hd"})->values.exact == Names{"x"});
    CHECK(!claim(required, {"hd"})->absent_ok);
    CHECK(required.dropped.empty());
    // null counts as the empty text
    const DeclaredPath empty = path(kIssuer, "  claimValidationRules: [{claim: hd}]\n");
    REQUIRE(claim(empty, {"hd"}) != nullptr);
    CHECK(claim(empty, {"hd"})->test == accept::ClaimTest::present);
    CHECK(empty.dropped.size() == 1);

    const DeclaredPath email = path(kIssuer, "  claimMappings: {username: {claim: email, prefix: ''}}\n");
    REQUIRE(claim(email, {"email_verified"}) != nullptr);
    CHECK(claim(email, {"email_verified"})->absent_ok);
    CHECK(claim(email, {"email"}) != nullptr);
    const DeclaredPath joined = path(kIssuer, "  claimMappings: {username: {expression: \"'x:' + claims.user.name\"}, "
                                              "uid: {claim: uid}, groups: {claim: groups, prefix: ''}}\n");
    CHECK(claim(joined, {"user", "name"}) != nullptr);
    CHECK(claim(joined, {"uid"}) != nullptr);
    CHECK(claim(joined, {"groups"}) == nullptr); // may be absent
    CHECK(joined.dropped.empty());
    CHECK(path(kIssuer, "  claimMappings: {username: {expression: \"claims.a.split('@')[0]\"}}\n").dropped.size() == 1);
    CHECK(path(kIssuer, "  userValidationRules: [{expression: \"!user.username.startsWith('system:')\"}]\n")
              .dropped.size() == 1);
}

TEST_CASE("gateway/kube-apiserver: the longest life by an expression") {
    const DeclaredPath life = expression("claims.exp - claims.iat <= 600 && has(claims.jti)");
    CHECK(life.time.longest_life == 600);
    CHECK(life.dropped.empty());
    for (const char* other : {"claims.exp - claims.iat <= 0", "claims.exp - claims.iat <= 6.5",
                              "claims.exp - claims.nbf <= 600", "claims.exp - claims.iat - 1 <= 600",
                              "claims.iat - claims.exp <= 600", "claims.exp - claims.iat <= 600 <= 700"}) {
        CAPTURE(other);
        CHECK(!expression(other).time.longest_life);
        CHECK(expression(other).dropped.size() == 1);
    }
}

TEST_CASE("gateway/kube-apiserver: expressions that can be said") {
    const DeclaredPath both = expression("claims.env == 'prod' && (has(claims.a.b) && claims['x/y'] in ['v', 'w'])");
    CHECK(both.dropped.empty());
    REQUIRE(claim(both, {"env"}) != nullptr);
    CHECK(claim(both, {"env"})->values.exact == Names{"prod"});
    REQUIRE(claim(both, {"a", "b"}) != nullptr);
    CHECK(claim(both, {"a", "b"})->test == accept::ClaimTest::present);
    REQUIRE(claim(both, {"x/y"}) != nullptr);
    CHECK(claim(both, {"x/y"})->values.exact == Names{"v", "w"});
    CHECK(claim(expression("'prod' == claims.env"), {"env"}) != nullptr);
    CHECK(claim(expression("claims.hd.endsWith('.example')"), {"hd"})->values.contains("a.example"));
    CHECK(claim(expression("claims.email_verified == true"), {"email_verified"}) != nullptr);
}

TEST_CASE("gateway/kube-apiserver: what is a member may be one of a list, or the name of one") {
    const DeclaredVerifier verifier =
        one(kHead + "jwt:\n" + entry(kIssuer, "  claimValidationRules: [{expression: \"'admin' in claims.roles\"}]\n"));
    REQUIRE(verifier.accepts.size() == 2);
    REQUIRE(claim(verifier.accepts[0], {"roles"}) != nullptr);
    CHECK(claim(verifier.accepts[0], {"roles"})->test == accept::ClaimTest::has_any);
    CHECK(claim(verifier.accepts[1], {"roles", "admin"}) != nullptr);
    CHECK(claim(verifier.accepts[1], {"roles"}) == nullptr);
}

TEST_CASE("gateway/kube-apiserver: an expression that is not read narrows nothing, and is named") {
    for (const char* cel :
         {"claims.env == 'prod' || claims.env == 'dev'", "claims.env != 'dev'", "!(claims.env == 'dev')",
          "!has(claims.env)", "claims.exp - claims.nbf <= 86400", "claims.env == 'pr' + 'od'", "claims.env == r'prod'",
          "claims.all(k, k == 'env')", "x // && claims.env == 'prod'", "true ? claims.env == 'prod' : true",
          "claims.?env.orValue('prod') == 'prod'", "''' && claims.env == 'prod' && '''", "claims.env == 'prod", "",
          "claims.env__dot__x == 'prod'", "claims.env == 1", "claims.env == ''", "claims.env in ['', 'x']",
          "'' in claims.env"}) {
        CAPTURE(cel);
        const DeclaredPath read = expression(cel);
        CHECK(read.claims.empty());
        CHECK(read.dropped.size() == 1);
    }
    const DeclaredPath half = expression("claims.env == 'prod' && claims.exp - claims.nbf <= 3600");
    CHECK(claim(half, {"env"}) != nullptr);
    CHECK(half.dropped.size() == 1);
}

TEST_CASE("gateway/kube-apiserver: each issuer is a path, and anonymous requests pass where they are let") {
    const std::string two = kHead + "jwt:\n" + entry(kIssuer) + entry("url: 'https://j.example', audiences: [b]");
    CHECK(one(two).accepts.size() == 2);
    CHECK(one(two + "anonymous: {enabled: false}\n").accepts.size() == 2);
    const auto open = read(two + "anonymous: {enabled: true}\n");
    REQUIRE(open.size() == 2);
    CHECK(open.front().guard == Entry::Guard::open);
    const auto some = read(two + "anonymous: {enabled: true, conditions: [{path: /livez}, {path: /readyz}]}\n");
    REQUIRE(some.size() == 3);
    CHECK(some.front().name == "kube-apiserver: /livez");
    CHECK(read(two + "anonymous: {enabled: '{{ .x }}'}\n").front().guard == Entry::Guard::opaque);
    // Nothing at all is accepted by it.
    const DeclaredVerifier none = one(kHead + "jwt: []\n");
    REQUIRE(none.accepts.size() == 1);
    CHECK(none.accepts.front().keys.front().location.value == R"({"keys":[]})");
}

TEST_CASE("gateway/kube-apiserver: what is put in later is not known") {
    const DeclaredPath issuer = path("url: '${ISSUER}', audiences: [a]");
    CHECK(issuer.issuer.allowed.any);
    CHECK(issuer.dropped.size() == 1);
    const DeclaredPath audience = path("url: 'https://i.example', audiences: ['{{ .Values.audience }}', b]");
    CHECK(audience.audience.any);
    CHECK(audience.dropped.size() == 1);
    const DeclaredPath value = path(kIssuer, "  claimValidationRules: [{claim: hd, requiredValue: '${HD}'}]\n");
    REQUIRE(claim(value, {"hd"}) != nullptr);
    CHECK(claim(value, {"hd"})->test == accept::ClaimTest::present);
}

TEST_CASE("gateway/kube-apiserver: what is not known is opaque") {
    const std::string begin = "apiVersion: apiserver.config.k8s.io/";
    for (const std::string& text :
         {begin + "v2\nkind: AuthenticationConfiguration\njwt: []\n", kHead + "jwt: 1\n", kHead + "webhooks: []\n",
          kHead + "jwt: [1]\n", kHead + "jwt: [{}]\n", kHead + "jwt:\n" + entry("audiences: [a]"),
          kHead + "jwt:\n" + entry("url: 'https://i.example'"),
          kHead + "jwt:\n" + entry("url: 'https://i.example', audiences: [a, '']"),
          kHead + "jwt:\n" + entry(kIssuer + ", extra: 1"),
          kHead + "jwt:\n" + entry(kIssuer + ", audienceMatchPolicy: MatchAll"),
          kHead + "jwt:\n" + entry(kIssuer, "  takesMore: true\n")}) {
        CAPTURE(text);
        CHECK(one(text).guard == Entry::Guard::opaque);
    }
    CHECK(one(begin + "v1alpha1\nkind: AuthenticationConfiguration\njwt:\n" + entry(kIssuer)).accepts.size() == 1);
}
