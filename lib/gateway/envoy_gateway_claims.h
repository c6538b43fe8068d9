// The claims and scopes that a rule asks of a token.
// Internal: not installed.
#pragma once

#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::envoy_gateway {

// Each way in which tokens of this path can meet the principal; none: they cannot.
std::vector<Node> narrowed(const Node& path, const std::vector<Node>& dropped, const Node& principal);

} // namespace jwtdomain::gateway::envoy_gateway
