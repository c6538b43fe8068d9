// What an authenticator of Kubernetes asks of claims, beside issuer, audience and times.
// Internal: not installed.
#pragma once

#include <optional>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::kube {

// Tests of claims, as a path of the normal form has them, any set of which suffices; what cannot be said is added to
// `dropped`. The longest life that is asked for, if one is, is set.
std::vector<Node> claims_of(const Node& authenticator, std::vector<Node>& dropped, std::optional<Node>& longest_life);

} // namespace jwtdomain::gateway::kube
