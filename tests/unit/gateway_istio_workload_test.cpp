// Which policies are attached to what, in Istio: selectors, targets, namespaces, operations, and what is asked for.
#include <doctest/doctest.h>

#include "../support/istio.h"

using namespace jwtdomain;
using namespace jwtdomain::test::istio;
using accept::Entry;

namespace {

const std::string kRule = "{issuer: 'https://i.example'}", kOther = "{issuer: 'https://j.example'}";
const std::string kAllow = "rules: [{from: [{source: {requestPrincipals: ['*']}}]}]";
const std::string kDeny = "action: DENY\n  rules: [{from: [{source: {notRequestPrincipals: ['*']}}]}]";

std::string selecting(const std::string& labels) { return "\n  selector: {matchLabels: {" + labels + "}}"; }
std::string in(const std::string& name) { return "namespace: " + name; }

const std::string kOrders =
    authentication(kRule, in("prod"), selecting("app: orders")) + authorization(kAllow + selecting("app: orders"));

} // namespace

TEST_CASE("gateway/istio-workload: each selector is a verifier of its own") {
    const auto two = read(kOrders + authentication(kOther, in("prod"), selecting("app: carts")));
    REQUIRE(names(two) == Names{"prod, app=carts", "prod, app=orders"});
    CHECK(two[0].guard == Entry::Guard::open);
    CHECK(two[1].accepts.size() == 1);
    // Labels of two keys can be on one workload.
    const auto both = read(kOrders + authorization(kDeny + selecting("tier: web")));
    REQUIRE(names(both) ==
            Names{"prod, app=orders", "prod, app=orders, tier=web", "prod, tier=web: nothing is accepted"});
    // A policy of the whole namespace is with each, and with what no selector names.
    const auto wide = read(kOrders + authentication(kOther));
    REQUIRE(names(wide) == Names{"prod", "prod, app=orders"});
    CHECK(wide[0].guard == Entry::Guard::open);
    CHECK(wide[1].accepts.size() == 2);
    // A label that is put in later may be any.
    const auto later = read(kOrders + authentication(kOther, in("prod"), selecting("app: '{{ .x }}'")));
    REQUIRE(later.size() == 2);
    CHECK(later[1].accepts.size() == 2);
    CHECK(later[1].accepts[1].dropped.size() == 1);
}

TEST_CASE("gateway/istio-workload: policies of the root namespace are attached everywhere") {
    const std::string root = in("istio-system");
    const auto all = read(kOrders + authentication(kOther, root) + authorization(kDeny, root));
    REQUIRE(names(all) == Names{"prod, app=orders", "every namespace"});
    CHECK(all[0].accepts.size() == 2);
    CHECK(all[1].accepts.size() == 1);
    // Another root, by the mesh's own configuration.
    const std::string mesh = "---\nkind: ConfigMap\ndata:\n  mesh: |\n    rootNamespace: mesh\n    x: y\n";
    CHECK(read(kOrders + authentication(kOther, in("mesh")) + mesh)[0].accepts.size() == 2);
    CHECK(read(kOrders + authentication(kOther, root) + mesh)[0].accepts.size() == 1);
    CHECK(read(kOrders + authentication(kOther, in("mesh")) +
               "---\nkind: IstioOperator\nspec: {meshConfig: {rootNamespace: mesh}}\n")[0]
              .accepts.size() == 2);
}

TEST_CASE("gateway/istio-workload: selecting by namespace never narrows") {
    const std::string text = kOrders + authentication(kOther, in("istio-system")) +
                             authentication("{issuer: 'https://d.example'}", in("dev"));
    const auto prod = read(text, {"prod", {}, {}});
    // Other workloads of it have what the root says.
    REQUIRE(names(prod) == Names{"prod", "prod, app=orders"});
    CHECK(prod[0].guard == Entry::Guard::open);
    CHECK(prod[1].accepts.size() == 2);
    // What has no namespace may be in it: it may let pass more, and must not be counted on to deny.
    const auto perhaps = read(kOrders + authentication(kOther, "name: x"), {"prod", {}, {}});
    REQUIRE(names(perhaps) == Names{"prod", "prod, app=orders"});
    REQUIRE(perhaps[1].accepts.size() == 2);
    CHECK(perhaps[1].accepts[1].dropped.size() == 1);
    CHECK(read(authentication(kRule) + authorization(kAllow, "name: x"), {"prod", {}, {}})[0].guard ==
          Entry::Guard::open);
    CHECK(read(authentication(kRule) + authorization(kDeny, "name: x"), {"prod", {}, {}})[0].guard ==
          Entry::Guard::open);
    // If nothing says that it is in it, what says nothing is.
    const auto rendered = read(authentication(kRule, "name: x") + authorization(kAllow, "name: x"), {"prod", {}, {}});
    REQUIRE(rendered.size() == 1);
    CHECK(rendered[0].accepts.size() == 1);
    CHECK(!gateway::read({.file = "x.yaml", .text = kOrders}, {}, {"dev", {}, {}}));
}

TEST_CASE("gateway/istio-workload: documents without a namespace are of one") {
    const auto one_namespace = read(authentication(kRule, "name: x") + authorization(kAllow, "namespace: '{{ .ns }}'"));
    REQUIRE(names(one_namespace) == Names{"a namespace"});
    CHECK(one_namespace[0].accepts.size() == 1);
}

TEST_CASE("gateway/istio-workload: selecting by label drops what cannot match") {
    const std::string text = kOrders + authentication(kOther, in("prod"), selecting("app: carts")) +
                             authentication(kOther, in("prod"), selecting("tier: web"));
    const gateway::Selection orders{{}, {}, {{"app", "orders"}}};
    // The tier is not said, so it may be either.
    CHECK(names(read(text, orders)) == Names{"prod, app=orders", "prod, app=orders, tier=web"});
    const gateway::Selection both{{}, {}, {{"app", "orders"}, {"tier", "db"}}};
    CHECK(names(read(text, both)) == Names{"prod, app=orders, tier=db"});
}

TEST_CASE("gateway/istio-workload: operations are told apart") {
    const auto two =
        read(authentication(kRule) +
             authorization("rules: [{from: [{source: {requestPrincipals: ['*']}}], to: [{operation: {methods: "
                           "[GET], paths: ['/api/*']}}]}, {to: [{operation: {paths: [/healthz]}}]}]"));
    REQUIRE(names(two) == Names{"prod: GET /api/*", "prod: /healthz"});
    CHECK(two[0].accepts.size() == 1);
    CHECK(two[1].guard == Entry::Guard::open);
    const auto denied = [&](const std::string& operation, const std::string& allowed = "") {
        return read(authentication(kRule) +
                    authorization("action: DENY\n  rules: [{from: [{source: {notRequestPrincipals: ['*']}}], to: "
                                  "[{operation: {" +
                                  operation + "}}]}]") +
                    (allowed.empty() ? "" : authorization("rules: [{to: [{operation: {" + allowed + "}}]}]")));
    };
    const auto some = denied("paths: ['/api/*']");
    REQUIRE(names(some) == Names{"prod: every other request", "prod: /api/*"});
    CHECK(some[0].guard == Entry::Guard::open);
    CHECK(some[1].accepts.size() == 1);
    CHECK(names(denied("notPaths: [/healthz]")) == Names{"prod: every other request", "prod: not /healthz"});
    CHECK(denied("paths: ['/*']").size() == 1);
    // Only what a denial covers for certain needs a token.
    for (const char* inside :
         {"paths: ['/api/*']", "paths: ['/api/x', '/api/y/*']", "paths: ['/api/x'], methods: [GET]"}) {
        CAPTURE(inside);
        const auto found = denied("paths: ['/api/*']", inside);
        REQUIRE(found.size() == 1);
        CHECK(found[0].accepts.size() == 1);
    }
    for (const char* outside : {"paths: ['/ap*']", "paths: ['*/x']", "paths: ['/api/x', '/y']", "hosts: ['/api/x']",
                                "methods: [GET]", "paths: ['/api/{*}']", "notPaths: ['/api/*']"}) {
        CAPTURE(outside);
        CHECK(denied("paths: ['/api/*']", outside)[0].guard == Entry::Guard::open);
    }
    CHECK(denied("paths: ['/api/*'], ports: ['80']", "paths: ['/api/*']")[0].guard == Entry::Guard::open);
}

TEST_CASE("gateway/istio-workload: selecting by host") {
    const std::string text =
        authentication(kRule) +
        authorization(
            "rules: [{from: [{source: {requestPrincipals: ['*']}}], to: [{operation: {hosts: [a.example]}}]}, "
            "{to: [{operation: {hosts: ['*.b.example:*', B.example]}}]}]");
    CHECK(names(read(text, {{}, "a.example", {}})) == Names{"prod: a.example"});
    CHECK(names(read(text, {{}, "A.EXAMPLE:443", {}})) == Names{"prod: a.example"});
    CHECK(read(text, {{}, "b.example", {}})[0].guard == Entry::Guard::open);
    CHECK(is_nothing(read(text, {{}, "c.example", {}})[0]));
    // A denial for another host does not count; one for this host leaves a Host header with a port.
    const auto denial = [&](const std::string& hosts) {
        return read(authentication(kRule) +
                        authorization("action: DENY\n  rules: [{from: [{source: {notRequestPrincipals: ['*']}}], to: "
                                      "[{operation: {hosts: [" +
                                      hosts + "]}}]}]"),
                    {{}, "a.example", {}});
    };
    CHECK(names(denial("b.example")) == Names{"prod"});
    CHECK(names(denial("a.example")) == Names{"prod: every other request", "prod: a.example"});
}

TEST_CASE("gateway/istio-workload: targets") {
    const auto to = [](const std::string& kind, const std::string& name) {
        return "\n  targetRefs: [{kind: " + kind + ", name: " + name + "}]";
    };
    const auto gateway =
        read(authentication(kRule, in("prod"), to("Gateway", "web")) + authorization(kAllow + to("Gateway", "web")));
    REQUIRE(names(gateway) == Names{"prod, Gateway web"});
    CHECK(gateway[0].accepts.size() == 1);
    CHECK(gateway[0].accepts[0].dropped.empty());
    // A policy without target may be attached to it, too, and is with the sidecars.
    const auto wide = read(authentication(kRule, in("prod"), to("Gateway", "web")) + authorization(kAllow));
    REQUIRE(names(wide) == Names{"prod: nothing is accepted", "prod, Gateway web"});
    CHECK(wide[1].guard == Entry::Guard::open);
    // A service behind a gateway has the policies of both.
    const auto both = read(authentication(kRule, in("infra"), to("Gateway", "way")) +
                           authorization(kAllow + to("Service", "orders")));
    CHECK(names(both) == Names{"infra, Gateway way", "prod, Gateway infra/way, Service orders",
                               "prod, Service orders: nothing is accepted"});
    CHECK(both[1].accepts.size() == 1);
    CHECK(read(authentication(kRule, in("prod"), "\n  targetRef: {kind: Service, name: x}"))[0].name ==
          "prod, Service x");
}

TEST_CASE("gateway/istio-workload: labels and rules that multiply are capped") {
    std::string text, rules, jwt_rules;
    for (int i = 0; i < 12; ++i) text += authentication(kRule, in("prod"), selecting("k" + std::to_string(i) + ": v"));
    const auto labels = read(text);
    REQUIRE(labels.size() == 1);
    CHECK(labels[0].guard == Entry::Guard::opaque);
    for (int i = 0; i < 150; ++i) {
        rules += "{requestPrincipals: ['*']}, ";
        jwt_rules += kRule + ", ";
    }
    std::string sources;
    for (int i = 0; i < 150; ++i) sources += "{source: {requestPrincipals: ['*']}}, ";
    const auto paths = read(authentication(jwt_rules) + authorization("rules: [{from: [" + sources + "]}]"));
    REQUIRE(paths.size() == 1);
    CHECK(paths[0].guard == Entry::Guard::opaque);
}

TEST_CASE("gateway/istio-workload: several files together, and lists") {
    std::vector<std::string> others;
    const auto readings = gateway::read_together(
        {{.file = "a.yaml", .text = authentication(kRule)}, {.file = "b.yaml", .text = authorization(kAllow)}}, {}, {},
        others);
    REQUIRE(readings.size() == 1);
    REQUIRE(readings[0].import);
    const auto verifiers = gateway::verifiers_of(*readings[0].import, "prod");
    REQUIRE(verifiers);
    REQUIRE(verifiers->size() == 1);
    CHECK(verifiers->front().accepts.size() == 1);
    CHECK(
        read("{kind: List, items: [{apiVersion: security.istio.io/v1, kind: RequestAuthentication, spec: {jwtRules: [" +
             kRule + "]}}]}")[0]
            .guard == Entry::Guard::open);
}
