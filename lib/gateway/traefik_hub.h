// Traefik Hub's middleware jwt.
// Internal: not installed.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::traefik_hub {

// What it accepts (traefik_hub_jwt.cpp).
struct Accepted {
    std::vector<Node> paths = {};
    std::string opaque = {}; // why it is not known
    bool by_issuer = false;  // there may be further tokens, with keys that are fetched from where their iss says
    Mark at = {};
};
Accepted accepted_by(const Node& jwt);

// Puts what the expression of claims asks for into the path, or into what is dropped (traefik_hub_claims.cpp).
void put_claims(const Node& expression, Node& path, std::vector<Node>& dropped);

} // namespace jwtdomain::gateway::traefik_hub
