// Traefik Hub in the normal form: each thing that its documentation and its predecessor's source say of a field, and
// each that is not known.
#include <doctest/doctest.h>

#include "../support/imported.h"

using namespace jwtdomain;
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

std::vector<DeclaredVerifier> read(const std::string& text) {
    return test::imported("traefik-hub", "traefik.yaml", text);
}

std::string middleware(const std::string& spec, const std::string& name = "m") {
    return "---\napiVersion: traefik.io/v1alpha1\nkind: Middleware\nmetadata: {name: " + name +
           ", namespace: n}\nspec: {" + spec + "}\n";
}

std::string route(const std::string& middlewares) {
    return "---\napiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata: {name: r, namespace: n}\nspec: "
           "{routes: "
           "[{match: 'Host(`a`)', middlewares: " +
           middlewares + "}]}\n";
}

std::vector<DeclaredVerifier> jwt(const std::string& fields) {
    return read(middleware("plugin: {jwt: {" + fields + "}}"));
}

DeclaredPath path(const std::string& fields) {
    const auto all = jwt("jwksUrl: 'https://id.example/k', " + fields);
    REQUIRE(all.size() == 1);
    CAPTURE(all.front().why);
    REQUIRE(!all.front().accepts.empty());
    return all.front().accepts.front();
}

DeclaredPath claims(const std::string& expression) { return path("claims: '" + expression + "'"); }

} // namespace

TEST_CASE("gateway/traefik-hub: the example is recognised and read") {
    const auto all = read(test::gateway_data("traefik-hub.yaml"));
    REQUIRE(all.size() == 2);
    const DeclaredPath& orders = all[0].accepts.front();
    CHECK(all[0].name.starts_with("IngressRoute orders: Host(`api.example.com`)"));
    CHECK(orders.issuer.allowed.exact == Names{"https://id.example.com"});
    CHECK(!orders.issuer.absent_ok);
    CHECK(orders.audience.any_of.exact == Names{"https://api.example.com"});
    CHECK(orders.audience.string_only); // Equals is for no list
    CHECK(orders.dropped.empty());
    CHECK(all[1].guard == Guard::open);
}

TEST_CASE("gateway/traefik-hub: signature and times, and nothing else unless it is asked for") {
    const DeclaredPath out = path("");
    CHECK(out.issuer.allowed.any);
    CHECK(out.dialect.issuer_array_ok);
    CHECK(out.audience.any);
    CHECK(out.time.expiry == accept::Presence::optional);
    CHECK(out.time.not_before);
    CHECK(out.kid == accept::KidRule::must_match);
    CHECK(out.dropped.empty());
    CHECK(out.algorithms->size() == 11); // no secrets
}

TEST_CASE("gateway/traefik-hub: a path as jwksUrl is looked for where the token says") {
    const auto all = jwt("jwksUrl: /.well-known/jwks.json");
    REQUIRE(all.size() == 1);
    const policy::DeclaredKeys& keys = all.front().accepts.front().keys.front();
    CHECK(keys.named_by == "iss");
    CHECK(keys.location.value == "{iss}/.well-known/jwks.json");
}

TEST_CASE("gateway/traefik-hub: keys") {
    const auto secret = jwt("signingSecret: abc");
    REQUIRE(secret.size() == 2);
    CHECK(secret[0].guard == Guard::opaque); // tokens with kid
    CHECK(secret[1].accepts.front().keys.front().location.value == R"({"keys":[{"kty":"oct","k":"YWJj"}]})");
    CHECK(secret[1].accepts.front().algorithms->size() == 3);
    CHECK(jwt("signingSecret: YWJj, signingSecretBase64Encoded: true")[1].accepts.front().keys.front().location.value ==
          R"({"keys":[{"kty":"oct","k":"YWJj"}]})");
    CHECK(jwt("publicKey: pem")[1].accepts.front().keys.front().location.value == "pem");
    CHECK(jwt("signingSecret: s, publicKey: pem")[1].accepts.size() == 2);
    CHECK(jwt("jwksFile: /etc/k.json").front().accepts.front().keys.front().location.value == "/etc/k.json");
    CHECK(jwt("jwksFile: '{\"keys\":[]}'").front().accepts.front().keys.front().location.value == "{\"keys\":[]}");
    for (const char* later : {"signingSecret: 'urn:k8s:secret:s:k'", "publicKey: '${X}'",
                              "signingSecret: '*', "
                              "signingSecretBase64Encoded: true",
                              "signingSecret: x, signingSecretBase64Encoded: '${X}'"}) {
        CAPTURE(later);
        CHECK(jwt(later)[1].accepts.front().keys.front().location.kind == KeyLocation::Kind::file);
    }
    const auto trusted = jwt("trustedIssuers: [{issuer: a, jwksUrl: 'https://a/k'}, {jwksUrl: 'https://b/k'}]");
    REQUIRE(trusted.size() == 1);
    REQUIRE(trusted.front().accepts.size() == 2);
    CHECK(trusted.front().accepts[0].issuer.allowed.exact == Names{"a"});
    CHECK(trusted.front().accepts[1].issuer.allowed.any);
    CHECK(jwt("trustedIssuers: [{issuer: a, any: true}]").front().guard == Guard::opaque);
    CHECK(test::is_nothing(jwt("tokenKey: t").front()));
}

TEST_CASE("gateway/traefik-hub: claims that are joined by &&") {
    CHECK(claims("Prefix(`iss`, `https://a`)").issuer.allowed.contains("https://ab"));
    CHECK(claims("OneOf(`iss`, `a`, `b`)").issuer.allowed.exact == Names{"a", "b"});
    const DeclaredPath contains = claims("Contains(`aud`, `api`)"); // a part of a text, too
    CHECK(contains.audience.any_of.contains("not-my-api"));
    CHECK(!contains.audience.string_only);
    CHECK(claim(claims("Equals(`grp`, `5`)"), {"grp"})->test == ClaimTest::in);
    CHECK(claim(claims("Contains(\"a.b\", \"x\") "), {"a", "b"})->test == ClaimTest::has_any);
    CHECK(claim(claims("SplitContains(`scope`, ` `, `x`)"), {"scope"})->values.contains("a x b"));
    const DeclaredPath twice = claims("Equals(`iss`, `a`) && Equals(`iss`, `b`)");
    CHECK(twice.issuer.allowed.exact == Names{"a"});
    CHECK(claim(twice, {"iss"})->values.exact == Names{"b"});
    CHECK(claims("Equals(`iss`, `any`)").issuer.allowed.contains("any"));
    CHECK(!claims("Equals(`iss`, `any`)").issuer.allowed.any);
}

TEST_CASE("gateway/traefik-hub: what there are no words for is left out") {
    for (const char* other :
         {"Equals(`iss`, `a`) || Equals(`iss`, `b`)", "!Equals(`iss`, `a`)", "(Equals(`iss`, `a`))", "Equals(`iss`",
          "Equals(iss, a)", "Other(`iss`, `a`)", "Equals(`iss`, ``)", "Equals(`iss`, `5`)", "Contains(`aud`, `true`)",
          "Equals(`a\\.b`, `c`)", "Equals(`iss`)", "${X}"}) {
        CAPTURE(other);
        const DeclaredPath out = claims(other);
        CHECK(dropped(out, "claims"));
        CHECK(out.issuer.allowed.any);
        CHECK(out.audience.any);
    }
    CHECK(dropped(path("claims: !x y"), "claims"));
}

TEST_CASE("gateway/traefik-hub: routes, and the middlewares that they name") {
    const std::string token = middleware("plugin: {jwt: {jwksUrl: 'https://a/k'}}", "t");
    CHECK(read(token + route("[{name: t}]")).front().guard == Guard::paths);
    CHECK(read(token + route("[{name: t}]")).size() == 1);
    CHECK(read(token + route("[]")).front().guard == Guard::open);
    CHECK(read(token + route("[{name: other}]")).front().guard == Guard::opaque);
    CHECK(read(token + route("[{name: t, namespace: m}]")).front().guard == Guard::opaque);
    CHECK(read(token + token + route("[{name: t}]")).front().guard == Guard::opaque); // of two of a name
    const std::string more = middleware("forwardAuth: {address: a}", "f") + middleware("headers: {}", "h") +
                             middleware("chain: {middlewares: [{name: t}, {name: h}]}", "c") +
                             middleware("chain: {middlewares: [{name: l}]}", "l");
    const auto both = [&](const std::string& names) {
        const auto all = gateway::read({.file = "t.yaml", .text = token + more + route(names)}, "traefik-hub");
        REQUIRE(all);
        return (*gateway::verifiers_of(*all, "prod")).front();
    };
    CHECK(dropped(both("[{name: t}, {name: f}]").accepts.front(), "the middleware f"));
    CHECK(both("[{name: f}]").guard == Guard::opaque);
    CHECK(both("[{name: h}]").guard == Guard::open);
    CHECK(both("[{name: c}]").accepts.front().dropped.empty());
    CHECK(both("[{name: l}]").guard == Guard::opaque); // in a circle
}

TEST_CASE("gateway/traefik-hub: what is not known, other kinds, and namespaces") {
    CHECK(jwt("jwksUrl: 'https://a/k', issuers: [x]").front().guard == Guard::opaque); // another plugin of that name
    CHECK(read(middleware("plugin: {jwt: '${X}'}")).front().guard == Guard::opaque);
    const auto policy = read("apiVersion: hub.traefik.io/v1alpha1\nkind: AccessControlPolicy\nmetadata: {name: p}\n"
                             "spec: {jwt: {jwksUrl: 'https://a/k'}}\n");
    REQUIRE(policy.size() == 1);
    CHECK(policy.front().name == "AccessControlPolicy p");
    const gateway::Selection other{.name_space = "x", .host = "", .labels = {}};
    CHECK(!gateway::read({.file = "t.yaml", .text = middleware("plugin: {jwt: {jwksUrl: a}}")}, {}, other));
}
