// What Envoy's filter jwt_authn does with the token of a provider, whoever configures it: Envoy's own files, Istio,
// Envoy Gateway, Contour.
// Internal: not installed.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway {

struct JwtProvider {
    std::string name;
    Node keys;
    const Node* issuer;    // nullptr or empty: not looked at
    const Node* audiences; // nullptr or empty: not looked at
    Mark unsaid;           // of what is not written: the provider's own place
};

// A path that lacks `expiry` and `leeway` only. An issuer or audiences that are put in later may be any, which is added
// to `dropped`.
Node jwt_authn_path(JwtProvider provider, Mark at, std::vector<Node>& dropped);

constexpr std::int64_t kJwtAuthnLeeway = 60; // seconds, unless a provider says otherwise

// A whole path for a provider of Kubernetes' objects, which name `issuer` and `audiences` so and nothing of times.
Node kubernetes_jwt_path(const Node& provider, std::string name, Node keys, Mark at, std::vector<Node>& dropped);

// Why such a provider cannot be read, by its issuer and audiences; empty: it can.
std::string unreadable_provider(const Node& provider);

// Does it name a filter of Envoy's that verifies tokens, or may change what those that do are given?
bool speaks_of_token_filters(const Node& node);

} // namespace jwtdomain::gateway
