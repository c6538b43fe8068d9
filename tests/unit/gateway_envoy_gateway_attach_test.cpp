// Which SecurityPolicy of Envoy Gateway guards what, by its source (internal/gatewayapi).
#include <doctest/doctest.h>

#include "../support/envoy_gateway.h"

using namespace jwtdomain;
using namespace jwtdomain::test::envoy_gateway;
using Guard = accept::Entry::Guard;
using policy::DeclaredVerifier;

namespace {

std::string jwt(const std::string& issuer) {
    return "jwt: {providers: [{name: p, issuer: " + issuer + ", " + kKeys + "}]}";
}

std::string issuer_of(const DeclaredVerifier& verifier) {
    return verifier.accepts.empty() || verifier.accepts.front().issuer.allowed.exact.empty()
               ? ""
               : verifier.accepts.front().issuer.allowed.exact.front();
}

const std::string kGatewayPolicy = security(kOnGateway + ", " + jwt("i"), "name: g, namespace: prod");

} // namespace

TEST_CASE("gateway/envoy-gateway: a route's policy replaces its gateway's, the whole of it") {
    const auto all = read(kGatewayPolicy + security(kOnRoute + ", cors: {}") + route());
    CHECK(names(all) == Names{"HTTPRoute prod/r", "Gateway prod/g"});
    CHECK(all[0].guard == Guard::open);
    CHECK(all[1].guard == Guard::paths);
    // Also where the route is not here.
    CHECK(read(kGatewayPolicy + security(kOnRoute + ", cors: {}")).back().guard == Guard::open);
}

TEST_CASE("gateway/envoy-gateway: mergeType merges it into its gateway's") {
    const auto merge = [](const std::string& spec, const std::string& around) {
        return read(security(kOnRoute + ", mergeType: StrategicMerge, " + spec) + around).front();
    };
    const DeclaredVerifier both = merge("cors: {}", kGatewayPolicy + route());
    CHECK(both.name == "HTTPRoute prod/r, with the policy of Gateway prod/g");
    CHECK(issuer_of(both) == "i");
    CHECK(issuer_of(merge(jwt("j"), kGatewayPolicy + route())) == "j");
    // Whether a token may be missing may come from the gateway's.
    const std::string optional =
        security(kOnGateway + ", jwt: {optional: true, providers: [" + kProvider + "]}", "name: g, namespace: prod");
    CHECK(merge(jwt("j"), optional + route()).guard == Guard::open);
    // Empty lists are not there, so the gateway's rules stay.
    const std::string rules =
        security(kOnGateway + ", " + jwt("i") +
                     ", authorization: {rules: [{action: Allow, principal: {jwt: {provider: p, scopes: [s]}}}]}",
                 "name: g, namespace: prod");
    CHECK(merge("authorization: {rules: []}", rules + route()).accepts.size() == 2);
    // The gateway, its policy or the route is not here.
    CHECK(merge(jwt("j"), route()).guard == Guard::opaque);
    CHECK(merge(jwt("j"), "").guard == Guard::opaque);
    CHECK(issuer_of(merge(jwt("j"), route() + gateway_of())) == "j");
    CHECK(merge(jwt("j"), route("parentRefs: [{name: g, kind: ListenerSet}]") + gateway_of()).guard == Guard::opaque);
    // Of a listener: where the route does not say which, it may be another.
    const std::string listener =
        security("targetRefs: [{kind: Gateway, name: g, sectionName: l}], " + jwt("i"), "name: g, namespace: prod");
    const auto perhaps =
        read(security(kOnRoute + ", mergeType: JSONMerge, " + "cors: {}") + listener + route() + gateway_of());
    REQUIRE(perhaps.size() == 3);
    CHECK(issuer_of(perhaps[0]) == "i");
    CHECK(perhaps[1].guard == Guard::open); // by itself
}

TEST_CASE("gateway/envoy-gateway: a policy of a rule is for that rule, and the other rules have the rest") {
    const auto all = read(security("targetRefs: [{kind: HTTPRoute, name: r, sectionName: admin}], " + jwt("j")) +
                          route() + kGatewayPolicy);
    CHECK(names(all) == Names{"HTTPRoute prod/r, rule admin", "Gateway prod/g"});
    // Nothing is attached to the other rules.
    const auto open =
        read(security("targetRefs: [{kind: HTTPRoute, name: r, sectionName: admin}], " + jwt("j")) + route());
    REQUIRE(open.size() == 2);
    CHECK(open[1].guard == Guard::open);
}

TEST_CASE("gateway/envoy-gateway: a route that no policy is for is open, if its gateway is one of Envoy Gateway's") {
    const std::string other = route("parentRefs: [{name: g}]", "name: other, namespace: prod");
    const auto guard = [](const std::string& text) { return read(text).front().guard; };
    const std::string own = security(kOnRoute + ", " + jwt("i")) + route();
    CHECK(names(read(own + other)) == Names{"HTTPRoute prod/r", "HTTPRoute prod/other"});
    CHECK(read(own + other)[1].guard == Guard::open);
    CHECK(names(read(own + route("parentRefs: [{name: h}]", "name: other, namespace: prod"))) ==
          Names{"HTTPRoute prod/r"});
    // Redirections reach nothing.
    CHECK(read(own + route("parentRefs: [{name: g}], rules: [{filters: [{type: RequestRedirect}]}]",
                           "name: other, namespace: prod"))
              .size() == 1);
    // The gateway's class says whose it is.
    const std::string gateway_class = resource("gateway.networking.k8s.io/v1", "GatewayClass", "name: eg",
                                               "{controllerName: gateway.envoyproxy.io/gatewayclass-controller}");
    const std::string elsewhere =
        security("targetRefs: [{kind: HTTPRoute, name: x}], cors: {}", "name: s, namespace: x");
    CHECK(read(elsewhere + route() + gateway_of() + gateway_class).size() == 2);
    CHECK(read(elsewhere + route() + gateway_of()).size() == 1);
    // A policy of one listener is not for the others.
    const std::string listener = security("targetRefs: [{kind: Gateway, name: g, sectionName: l}], " + jwt("i"));
    CHECK(guard(listener + route()) == Guard::opaque);
    CHECK(guard(listener + route("parentRefs: [{name: g, sectionName: m}]")) == Guard::open);
    CHECK(guard(listener + route("parentRefs: [{name: g, sectionName: l}]")) == Guard::paths);
    CHECK(guard(listener + route() + gateway_of("{name: l}")) == Guard::paths);
    CHECK(guard(listener + route() + gateway_of("{name: l}, {name: m}")) == Guard::opaque);
}

TEST_CASE("gateway/envoy-gateway: targets by labels, by one reference, and of kinds that have no tokens") {
    const std::string by_label = security("targetSelectors: [{kind: HTTPRoute, matchLabels: {app: a}}], " + jwt("i"));
    CHECK(names(read(by_label)) == Names{"HTTPRoute with app=a"});
    const auto labelled = [](const std::string& label) {
        return route("parentRefs: [{name: g}]", "name: r, namespace: prod, labels: {app: " + label + "}");
    };
    CHECK(names(read(by_label + labelled("a"))) == Names{"HTTPRoute prod/r"});
    CHECK(names(read(by_label + labelled("b"))) == Names{"HTTPRoute with app=a"});
    CHECK(names(read(by_label + labelled("'{{ .a }}'"))).size() == 2); // it may be
    CHECK(names(read(security("targetRef: {kind: GRPCRoute, name: r}, " + jwt("i")))) == Names{"GRPCRoute prod/r"});
    CHECK(one(security("targetRef: {kind: TCPRoute, name: r}, authorization: {}")).guard == Guard::opaque);
    CHECK(one(security("targetRef: {kind: '{{ .k }}', name: r}, " + jwt("i"))).guard == Guard::opaque);
    CHECK(one(security("targetRefs: {}, " + jwt("i"))).guard == Guard::opaque);
    CHECK(one(security(jwt("i"))).guard == Guard::paths);
    // By labels of a gateway that is not here, it may be.
    const std::string gateways = security("targetSelectors: [{kind: Gateway, matchLabels: {a: b}}], " + jwt("i"));
    CHECK(names(read(gateways + route() + gateway_of("{name: l}", "name: g, namespace: prod, labels: {a: b}"))) ==
          Names{"Gateway with a=b"});
}

TEST_CASE("gateway/envoy-gateway: selected by namespace, the gateway of another one counts") {
    const std::string outer = security(kOnGateway + ", " + jwt("i"), "name: g, namespace: edge");
    const std::string inner = route("parentRefs: [{name: g, namespace: edge}]");
    CHECK(names(read_in(outer, "prod")) == Names{"Gateway edge/g"});
    CHECK(names(read_in(outer + inner, "prod")) == Names{"Gateway edge/g"});
    const std::string metadata = "name: g, namespace: edge";
    CHECK(names(read_in(outer + gateway_of("{name: l, allowedRoutes: {namespaces: {from: All}}}", metadata), "prod")) ==
          Names{"Gateway edge/g"});
    // It takes no routes but its own; the route is elsewhere; the route has a policy of its own.
    const auto nothing = [](const std::string& text) {
        return !gateway::read({.file = "x.yaml", .text = text}, {}, {.name_space = "prod", .host = {}, .labels = {}});
    };
    CHECK(nothing(outer + gateway_of("{name: l}", metadata)));
    CHECK(nothing(outer + route("parentRefs: [{name: h}]")));
    CHECK(names(read_in(outer + inner + security(kOnRoute + ", " + jwt("j")), "prod")) == Names{"HTTPRoute prod/r"});
    CHECK(nothing(security(kOnRoute + ", " + jwt("j"), "name: s, namespace: test")));
}

TEST_CASE("gateway/envoy-gateway: selected by host") {
    const std::string all =
        security(kOnRoute + ", " + jwt("j")) + kGatewayPolicy +
        route("parentRefs: [{name: g}], hostnames: [a.example]") +
        route("parentRefs: [{name: g}], hostnames: ['*.b.example']", "name: other, namespace: prod");
    CHECK(names(read_in(all, "", "a.example")) == Names{"HTTPRoute prod/r (a.example)"});
    CHECK(names(read_in(all, "", "x.b.example")) == Names{"Gateway prod/g"});
    CHECK(names(read_in(kGatewayPolicy + gateway_of("{name: l, hostname: '*.c.example'}"), "", "x.c.example")) ==
          Names{"Gateway prod/g"});
    CHECK(!gateway::read({.file = "x.yaml", .text = kGatewayPolicy + gateway_of("{name: l, hostname: c.example}")}, {},
                         {.name_space = {}, .host = "d.example", .labels = {}}));
}

TEST_CASE("gateway/envoy-gateway: a token may select another route after it was verified") {
    const std::string again =
        "jwt: {providers: [{name: p, issuer: i, recomputeRoute: true, claimToHeaders: [{header: x, "
        "claim: y}], " +
        kKeys + "}]}";
    const auto all = read(security(kOnRoute + ", " + again));
    REQUIRE(all.size() == 2);
    CHECK(all[1].name == "HTTPRoute prod/r: any other route that recomputeRoute selects");
    CHECK(issuer_of(all[1]) == "i");
    CHECK(all[1].accepts.front().dropped.size() == 1);
    // Also for those who ask for another namespace, but not for another host.
    CHECK(read_in(security(kOnRoute + ", " + again), "test").size() == 1);
    const std::string there = security(kOnRoute + ", " + again) + route("hostnames: [a.example]");
    CHECK(read_in(there, "", "a.example").size() == 2);
}

TEST_CASE("gateway/envoy-gateway: what changes the filters is told") {
    const std::string own = security(kOnRoute + ", " + jwt("i"));
    const auto beside = [&](const std::string& kind, const std::string& spec, const std::string& text) {
        return read(text + resource("gateway.envoyproxy.io/v1alpha1", kind, "name: x, namespace: prod", spec));
    };
    CHECK(beside("EnvoyPatchPolicy", "{jsonPatches: []}", own).back().guard == Guard::opaque);
    CHECK(beside("EnvoyProxy", "{filterOrder: [{name: envoy.filters.http.lua, before: envoy.filters.http.jwt_authn}]}",
                 own)
              .back()
              .guard == Guard::opaque);
    CHECK(beside("EnvoyProxy", "{logging: {}}", own).size() == 1);
    CHECK(
        beside("ClientTrafficPolicy", "{headers: {earlyRequestHeaders: {set: [{name: authorization, value: x}]}}}", own)
            .size() == 2);
    CHECK(beside("ClientTrafficPolicy", "{headers: {earlyRequestHeaders: {remove: [x]}}}", own).size() == 1);
    CHECK(beside("EnvoyExtensionPolicy", "{lua: []}", own).size() == 1); // after tokens are verified
    CHECK(beside("EnvoyExtensionPolicy", "{lua: []}",
                 security(kOnRoute + ", " + jwt("i") +
                          ", authorization: {rules: [{action: Allow, principal: {jwt: {provider: p, scopes: [s]}}}]}"))
              .size() == 2);
}

TEST_CASE("gateway/envoy-gateway: many merges end") {
    std::string all = gateway_of();
    for (int i = 0; i < 40; ++i) {
        const std::string number = std::to_string(i);
        all += security(kOnRoute + ", mergeType: JSONMerge, cors: {}", "name: m" + number + ", namespace: prod");
        all += security(kOnGateway + ", " + jwt("i"), "name: g" + number + ", namespace: prod");
    }
    std::string parents;
    for (int i = 0; i < 40; ++i) parents += "{name: g}, ";
    const auto verifiers = read(all + route("parentRefs: [" + parents + "]"));
    CHECK(verifiers.size() < 50'000);
    CHECK(std::any_of(verifiers.begin(), verifiers.end(),
                      [](const DeclaredVerifier& each) { return each.guard == Guard::opaque; }));
}

TEST_CASE("gateway/envoy-gateway: a policy that cannot be read counts wherever it may be attached") {
    const std::string outer = security(kOnGateway + ", lenient: true", "name: g, namespace: edge");
    const std::string inner = route("parentRefs: [{name: g, namespace: edge}]");
    CHECK(read_in(outer + inner, "prod").front().guard == Guard::opaque);
    const std::string lost = security("targetRef: x, " + jwt("i"), "name: s, namespace: edge");
    CHECK(read_in(lost, "prod").front().guard == Guard::opaque);
    const std::string version =
        resource("gateway.envoyproxy.io/v2", "SecurityPolicy", "name: g, namespace: edge", "{" + kOnGateway + "}");
    CHECK(read_in(version + inner, "prod").front().guard == Guard::opaque);
    // Attached through a set of listeners, whose gateway may be any.
    const auto set = read_in(security(kOnGateway + ", " + jwt("i"), "name: g, namespace: edge") +
                                 route("parentRefs: [{kind: ListenerSet, name: l}]"),
                             "prod");
    CHECK(names(set) == Names{"Gateway edge/g"});
}

TEST_CASE("gateway/envoy-gateway: what has no namespace may be of any") {
    const auto all = read(security(kOnRoute + ", " + jwt("j"), "name: s") + kGatewayPolicy + route());
    CHECK(names(all) == Names{"HTTPRoute prod/r", "HTTPRoute r", "Gateway prod/g"});
    // It may be of another route of that name.
    const auto alone = read(security(kOnRoute + ", " + jwt("j"), "name: s") + route() + gateway_of() +
                            resource("gateway.networking.k8s.io/v1", "GatewayClass", "name: eg",
                                     "{controllerName: gateway.envoyproxy.io/gatewayclass-controller}"));
    CHECK(alone.back().guard == Guard::paths);
    CHECK(alone.size() == 3);
    CHECK(alone[1].guard == Guard::open);
}

TEST_CASE("gateway/envoy-gateway: routes in other files of the same folder are read with its policies") {
    std::vector<std::string> others;
    const auto all = gateway::read_together({{"k/policy.yaml", security(kOnRoute + ", " + jwt("i"))},
                                             {"k/routes.yaml", route()},
                                             {"k/gateway.yaml", gateway_of()},
                                             {"k/notes.txt", "nothing"}},
                                            "", {}, others);
    REQUIRE(all.size() == 1);
    REQUIRE(all.front().import);
    CHECK(all.front().import->files.size() == 3);
    CHECK(others == Names{"k/notes.txt"});
    const auto verifiers = *gateway::verifiers_of(*all.front().import, "prod");
    CHECK(verifiers.front().name == "HTTPRoute prod/r");
    // without a policy nobody reads them
    others.clear();
    CHECK(gateway::read_together({{"k/routes.yaml", route()}}, "", {}, others).empty());
    CHECK(others.size() == 1);
}
