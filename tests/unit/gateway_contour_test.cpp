// HTTPProxy of Contour in the normal form: each thing that its source (internal/dag) and API say of a field.
#include <doctest/doctest.h>

#include "../support/kubernetes.h"

using namespace jwtdomain;
using namespace jwtdomain::test::kubernetes;
using Guard = accept::Entry::Guard;
using policy::DeclaredPath;
using policy::DeclaredVerifier;

namespace {

const std::string kKeys = "remoteJWKS: {uri: 'https://i.example/k'}";
const std::string kProvider = "{name: p, issuer: 'https://i.example', audiences: [a], " + kKeys + "}";
const std::string kTls = "tls: {secretName: s}, ";
const std::string kService = "services: [{name: s, port: 80}]";

std::string proxy(const std::string& spec, const std::string& metadata = "name: root, namespace: prod") {
    return resource("projectcontour.io/v1", "HTTPProxy", metadata, spec);
}

std::string host(const std::string& virtual_host, const std::string& fqdn = "api.example.com") {
    return "virtualhost: {fqdn: " + fqdn + ", " + virtual_host + "}";
}

std::string root(const std::string& virtual_host, const std::string& route) {
    return proxy("{" + host(virtual_host) + ", routes: [{" + route + "}]}");
}

std::vector<DeclaredVerifier> read(const std::string& text, const gateway::Selection& selection = {}) {
    return test::imported("contour", "all.yaml", text, selection);
}

DeclaredVerifier one(const std::string& text) {
    const auto all = read(text);
    REQUIRE(all.size() == 1);
    return all.front();
}

DeclaredPath path(const std::string& provider) {
    const DeclaredVerifier verifier =
        one(root(kTls + "jwtProviders: [" + provider + "]", "jwtVerificationPolicy: {require: p}, " + kService));
    REQUIRE(verifier.accepts.size() == 1);
    return verifier.accepts.front();
}

Guard guard(const std::string& virtual_host, const std::string& route) { return one(root(virtual_host, route)).guard; }

} // namespace

TEST_CASE("gateway/contour: the example is recognised and read") {
    const auto all = read(test::gateway_data("contour.yaml"));
    REQUIRE(all.size() == 4);
    CHECK(names(all) == Names{"api.prod.example.com/orders*", "api.prod.example.com/orders/partners*",
                              "api.prod.example.com/*", "api.prod.example.com/healthz*"});
    const DeclaredPath& corp = all[0].accepts.at(0);
    CHECK(corp.issuer.allowed.exact == Names{"https://login.prod.example.com"});
    CHECK(corp.dropped.empty());
    CHECK(all[1].accepts.at(0).issuer.allowed.exact == Names{"https://partners.example.com"});
    CHECK(all[1].accepts.at(0).keys.front().location.kind == policy::KeyLocation::Kind::file); // of a Secret
    CHECK(all[3].guard == Guard::open);
}

TEST_CASE("gateway/contour: a provider is verified as Envoy's jwt_authn does") {
    const DeclaredPath full = path(kProvider);
    CHECK(full.name == "p");
    CHECK(full.issuer.allowed.exact == Names{"https://i.example"});
    CHECK(!full.issuer.absent_ok);
    CHECK(full.audience.any_of.exact == Names{"a"});
    CHECK(full.audience.comparison == accept::AudienceComparison::without_scheme_and_slash);
    CHECK(full.time.expiry == accept::Presence::optional);
    CHECK(full.time.leeway == 60);
    CHECK(full.kid == accept::KidRule::hint);
    CHECK(full.keys.front().location.value == "https://i.example/k");
    CHECK(full.dropped.empty());
    const DeclaredPath bare = path("{name: p, " + kKeys + "}");
    CHECK(bare.issuer.allowed.any);
    CHECK(bare.issuer.absent_ok);
    CHECK(bare.audience.any);
}

TEST_CASE("gateway/contour: what is put in later is not known") {
    const DeclaredPath later = path("{name: p, issuer: '{{ .Values.issuer }}', audiences: [a, '${B}'], "
                                    "remoteJWKS: {uri: 'https://{{ .Values.host }}/k'}}");
    CHECK(later.issuer.allowed.any);
    CHECK(later.audience.any);
    CHECK(later.dropped.size() == 2);
    CHECK(later.keys.front().location.kind == policy::KeyLocation::Kind::file);
    CHECK(guard(kTls + "jwtProviders: [" + kProvider + "]",
                "jwtVerificationPolicy: {require: '{{ .p }}'}, " + kService) == Guard::opaque);
    CHECK(path("{name: p, localJWKS: {secretName: '{{ .s }}', key: k}}").keys.front().location.kind ==
          policy::KeyLocation::Kind::file);
    CHECK(guard(kTls + "jwtProviders: [{name: '{{ .p }}', " + kKeys + "}]", kService) == Guard::opaque);
}

TEST_CASE("gateway/contour: a route asks for what it requires, else for the default provider, else for none") {
    const std::string two = kTls + "jwtProviders: [{name: p, default: true, issuer: i, " + kKeys +
                            "}, {name: q, issuer: j, " + kKeys + "}]";
    CHECK(one(root(two, kService)).accepts.at(0).name == "p");
    CHECK(one(root(two, "jwtVerificationPolicy: {}, " + kService)).accepts.at(0).name == "p");
    CHECK(one(root(two, "jwtVerificationPolicy: {require: q}, " + kService)).accepts.at(0).name == "q");
    CHECK(guard(two, "jwtVerificationPolicy: {disabled: true}, " + kService) == Guard::open);
    CHECK(guard(kTls + "jwtProviders: [" + kProvider + "]", kService) == Guard::open); // none is the default
    CHECK(guard(two, "jwtVerificationPolicy: {require: r}, " + kService) == Guard::opaque);
    CHECK(guard(two, "jwtVerificationPolicy: {disabled: 'x'}, " + kService) == Guard::opaque);
    CHECK(guard(kTls + "corsPolicy: {}", "jwtVerificationPolicy: {require: p}, " + kService) == Guard::opaque);
}

TEST_CASE("gateway/contour: no filter verifies tokens over HTTP") {
    const std::string providers = "jwtProviders: [{name: p, default: true, " + kKeys + "}]";
    CHECK(guard(providers, kService) == Guard::opaque); // Contour refuses it
    CHECK(guard("corsPolicy: {}", "jwtVerificationPolicy: {require: p}, " + kService) == Guard::open);
    CHECK(guard(kTls + providers, "permitInsecure: true, " + kService) == Guard::open);
    CHECK(guard(kTls + providers, "permitInsecure: false, " + kService) == Guard::paths);
    CHECK(guard("tls: {passthrough: true}, " + providers, kService) == Guard::opaque);
}

TEST_CASE("gateway/contour: external authorization and addresses stand beside a token") {
    const std::string provider = kTls + "jwtProviders: [" + kProvider + "], ";
    const std::string required = "jwtVerificationPolicy: {require: p}, " + kService;
    const std::string external = "authorization: {extensionRef: {name: e}}";
    CHECK(one(root(provider + external, required)).accepts.at(0).dropped.size() == 1);
    CHECK(one(root(provider + external, "authPolicy: {disabled: true}, " + required)).accepts.at(0).dropped.empty());
    CHECK(guard(provider + external, kService) == Guard::opaque);
    CHECK(guard(provider + external, "authPolicy: {disabled: true}, " + kService) == Guard::open);
    const std::string off = "authorization: {extensionRef: {name: e}, authPolicy: {disabled: true}}";
    CHECK(guard(provider + off, kService) == Guard::open);
    CHECK(guard(provider + off, "authPolicy: {disabled: false}, " + kService) == Guard::opaque);
    const std::string addresses = "ipAllowPolicy: [{cidr: 10.0.0.0/8, source: Peer}]";
    CHECK(one(root(provider + addresses, required)).accepts.at(0).dropped.size() == 1);
    CHECK(guard(provider + addresses, kService) == Guard::opaque);
    CHECK(guard(provider + "corsPolicy: {}", addresses + ", " + kService) == Guard::opaque);
}

TEST_CASE("gateway/contour: includes have the providers of the root") {
    const std::string all =
        proxy("{" + host(kTls + "jwtProviders: [{name: p, default: true, issuer: i, " + kKeys + "}]") +
              ", includes: [{name: child, namespace: team, conditions: [{prefix: /a/}]}, {name: missing}]}") +
        proxy("{includes: [{name: grandchild, conditions: [{prefix: /b}, {header: {name: x, present: true}}]}], "
              "routes: [{conditions: [{exact: /c}], " +
                  kService + "}]}",
              "name: child, namespace: team") +
        proxy("{routes: [{jwtVerificationPolicy: {disabled: true}, " + kService + "}]}",
              "name: grandchild, namespace: team") +
        proxy("{routes: [{" + kService + "}]}", "name: alone, namespace: team");
    const auto verifiers = read(all);
    CHECK(names(verifiers) == Names{"api.example.com/a/b* under conditions", "api.example.com/a/c", "api.example.com/*",
                                    "HTTPProxy team/alone"});
    CHECK(verifiers[0].guard == Guard::open);
    CHECK(verifiers[1].accepts.at(0).issuer.allowed.exact == Names{"i"});
    CHECK(verifiers[2].guard == Guard::opaque); // it is not here
    CHECK(verifiers[3].guard == Guard::opaque); // what includes it is not here
    // A route is of the namespace of the object that has it.
    CHECK(names(read(all, {.name_space = "team", .host = {}, .labels = {}})) ==
          Names{"api.example.com/a/b* under conditions", "api.example.com/a/c", "HTTPProxy team/alone"});
    CHECK(names(read(all, {.name_space = "prod", .host = {}, .labels = {}})) == Names{"api.example.com/*"});
    CHECK(names(read(all, {.name_space = {}, .host = "www.example.com", .labels = {}})) ==
          Names{"HTTPProxy team/alone"});
}

TEST_CASE("gateway/contour: a host is selected, also by a wildcard") {
    const std::string two =
        proxy("{" + host("corsPolicy: {}") + ", routes: [{" + kService + "}]}") +
        proxy("{" + host("corsPolicy: {}", "'*.test.example.com'") + ", routes: [{" + kService + "}]}",
              "name: other, namespace: test");
    CHECK(names(read(two, {.name_space = {}, .host = "API.example.com", .labels = {}})) == Names{"api.example.com/*"});
    CHECK(names(read(two, {.name_space = {}, .host = "x.test.example.com", .labels = {}})) ==
          Names{"*.test.example.com/*"});
    CHECK(!gateway::read({.file = "x.yaml", .text = two}, {}, {.name_space = {}, .host = "other", .labels = {}}));
}

TEST_CASE("gateway/contour: redirections and answers of its own reach no service; connections are not looked at") {
    const auto verifiers = read(proxy("{" + host("corsPolicy: {}") +
                                      ", routes: [{requestRedirectPolicy: {scheme: https}}, "
                                      "{directResponsePolicy: {statusCode: 404}}]}"));
    REQUIRE(verifiers.size() == 1);
    CHECK(is_nothing(verifiers.front()));
    CHECK(read(proxy("{" + host(kTls + "corsPolicy: {}") + ", tcpproxy: {" + kService + "}}")).front().guard ==
          Guard::opaque);
}

TEST_CASE("gateway/contour: what is not known is opaque, and what is wrong neither crashes nor accepts less") {
    CHECK(guard(kTls + "jwtProviders: [{name: p, default: true, lenient: true, " + kKeys + "}]", kService) ==
          Guard::opaque);
    CHECK(!one(proxy("{virtualhost: {fqdn: !Ref h}, includes: x}")).name.empty());
    CHECK(guard(kTls + "tokens: {}", kService) == Guard::opaque);
    CHECK(guard(kTls + "jwtProviders: {}", kService) == Guard::opaque);
    CHECK(guard(kTls + "jwtProviders: [x]", kService) == Guard::opaque);
    CHECK(guard(kTls + "jwtProviders: [{name: p, audiences: a}]", kService) == Guard::opaque);
    CHECK(guard(kTls + "jwtProviders: [{name: p, issuer: [a]}]", kService) == Guard::opaque);
    CHECK(guard(kTls + "jwtProviders: [{name: p, default: true}, {name: q, default: true}]", kService) ==
          Guard::opaque);
    CHECK(guard("tls: x", kService) == Guard::opaque);
    CHECK(guard(kTls + "corsPolicy: {}", "skipAuth: true, " + kService) == Guard::opaque);
    CHECK(one(proxy("{" + host(kTls + "corsPolicy: {}") + ", routes: {}}")).guard == Guard::opaque);
    CHECK(one(proxy("{" + host(kTls + "corsPolicy: {}") + ", includes: x}")).guard == Guard::opaque);
    CHECK(one(proxy("{virtualhost: x, routes: [{" + kService + "}]}")).guard == Guard::opaque);
}

TEST_CASE("gateway/contour: circles end, and what multiplies is not followed for ever") {
    const std::string circle =
        proxy("{" + host("corsPolicy: {}") + ", includes: [{name: a}]}") +
        proxy("{includes: [{name: a}], routes: [{" + kService + "}]}", "name: a, namespace: prod");
    CHECK(names(read(circle)) == Names{"api.example.com/*"});
    std::string many = proxy("{" + host("corsPolicy: {}") + ", includes: [{name: n0}]}");
    for (int i = 0; i < 40; ++i) {
        const std::string next = "{name: n" + std::to_string(i + 1) + "}";
        many += proxy("{includes: [" + next + ", " + next + "], routes: [{" + kService + "}]}",
                      "name: n" + std::to_string(i) + ", namespace: prod");
    }
    const auto verifiers = read(many);
    CHECK(verifiers.size() < 30'000);
    CHECK(std::any_of(verifiers.begin(), verifiers.end(),
                      [](const DeclaredVerifier& each) { return each.guard == Guard::opaque; }));
}
