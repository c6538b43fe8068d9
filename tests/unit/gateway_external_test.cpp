#include <doctest/doctest.h>
#include <string>

#include "jwtdomain/gateway/gateway.h"

using namespace jwtdomain;

namespace {

const std::string kIngress = R"(apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: orders
  namespace: prod
  annotations: {nginx.ingress.kubernetes.io/auth-url: "https://oauth2.example/auth"}
spec:
  rules: [{host: orders.example}, {host: "*.shop.example"}]
)";

std::size_t count(const std::string& text, const gateway::Selection& selection = {}) {
    const auto import = gateway::read({.file = "x.yaml", .text = text}, {}, selection);
    if (!import) return 0;
    CHECK(import->type == "external");
    const auto verifiers = gateway::verifiers_of(*import, "prod");
    if (!verifiers) FAIL(describe(verifiers.error()));
    for (const auto& each : *verifiers) CHECK(each.guard == accept::Entry::Guard::opaque);
    return verifiers->size();
}

} // namespace

TEST_CASE("gateway/external: requests that another service decides on are opaque") {
    CHECK(count(kIngress) == 1);
    CHECK(count("kind: Middleware\nmetadata: {name: m}\nspec: {forwardAuth: {address: 'http://a'}}\n") == 1);
    CHECK(count("kind: Ingress\nmetadata: {name: m}\nspec: {}\n") == 0);
    CHECK(count("kind: Middleware\nspec: {stripPrefix: {}}\n") == 0);
    CHECK(count("kind: [Ingress]\nmetadata: 1\n") == 0);
}

TEST_CASE("gateway/external: by namespace and by host") {
    CHECK(count(kIngress, {"prod", {}, {}}) == 1);
    CHECK(count(kIngress, {"dev", {}, {}}) == 0);
    CHECK(count(kIngress, {{}, "orders.example", {}}) == 1);
    CHECK(count(kIngress, {{}, "a.shop.example", {}}) == 1);
    CHECK(count(kIngress, {{}, "other.example", {}}) == 0);
    const std::string nowhere = "kind: Ingress\nmetadata: {annotations: {ingress.kubernetes.io/auth-url: x}}\n";
    CHECK(count(nowhere, {"prod", "any.example", {}}) == 1);
}

TEST_CASE("gateway/external: a KongPlugin, whose credentials stand in Secrets") {
    const auto import =
        gateway::read({.file = "k.yaml",
                       .text = "apiVersion: configuration.konghq.com/v1\nkind: KongPlugin\nmetadata: {name: p}\n"
                               "plugin: jwt\n"});
    REQUIRE(import);
    CHECK(import->type == "external");
    CHECK(!gateway::read({.file = "k.yaml", .text = "kind: KongPlugin\nplugin: cors\n"}));
}
