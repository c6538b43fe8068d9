// SecurityPolicy of Envoy Gateway and what stands beside it, as text.
#pragma once

#include "kubernetes.h"

namespace jwtdomain::test::envoy_gateway {

using namespace kubernetes;

inline const std::string kKeys = "remoteJWKS: {uri: 'https://i.example/k'}";
inline const std::string kProvider = "{name: p, issuer: 'https://i.example', audiences: [a], " + kKeys + "}";
inline const std::string kJwt = "jwt: {providers: [" + kProvider + "]}";
inline const std::string kOnRoute = "targetRefs: [{kind: HTTPRoute, name: r}]";
inline const std::string kOnGateway = "targetRefs: [{kind: Gateway, name: g}]";

inline std::string security(const std::string& spec, const std::string& metadata = "name: s, namespace: prod") {
    return resource("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", metadata, "{" + spec + "}");
}

inline std::string route(const std::string& spec = "parentRefs: [{name: g}]",
                         const std::string& metadata = "name: r, namespace: prod") {
    return resource("gateway.networking.k8s.io/v1", "HTTPRoute", metadata, "{" + spec + "}");
}

inline std::string gateway_of(const std::string& listeners = "{name: l}",
                              const std::string& metadata = "name: g, namespace: prod") {
    return resource("gateway.networking.k8s.io/v1", "Gateway", metadata,
                    "{gatewayClassName: eg, listeners: [" + listeners + "]}");
}

inline std::vector<policy::DeclaredVerifier> read(const std::string& text) {
    return imported("envoy-gateway", "all.yaml", text);
}

inline std::vector<policy::DeclaredVerifier> read_in(const std::string& text, const std::string& name_space,
                                                     const std::string& host = {}) {
    return imported("envoy-gateway", "all.yaml", text, {.name_space = name_space, .host = host, .labels = {}});
}

inline policy::DeclaredVerifier one(const std::string& text) {
    const auto all = read(text);
    REQUIRE(all.size() == 1);
    return all.front();
}

} // namespace jwtdomain::test::envoy_gateway
