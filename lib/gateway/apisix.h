// Apache APISIX: what its plugins accept (apisix_paths.cpp).
// Internal: not installed.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::apisix {

struct Accepted {
    std::vector<Node> paths = {};
    std::string opaque = {}; // why it is not known
    Mark at = {};
};

struct Consumer {
    std::string name;
    const Node* plugin; // its jwt-auth
};

// Another's variable or secret: "$env://X", "$secret://vault/...", "${{X}}".
bool is_elsewhere(const Node& value);
bool is_there(const Node* value); // not null, no empty text

Accepted jwt_auth(const Node& plugin, const std::vector<Consumer>& consumers, const std::vector<Node>& dropped);

// Tokens that openid-connect verifies itself.
Accepted openid_connect(const Node& plugin, const std::vector<Node>& dropped);

} // namespace jwtdomain::gateway::apisix
