// What Envoy's filter jwt_authn does with the token of a provider, whoever configures it: Envoy's own files, Istio.
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

} // namespace jwtdomain::gateway
