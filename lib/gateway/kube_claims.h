// What an authenticator of Kubernetes asks of claims, beside issuer, audience and times.
// Internal: not installed.
#pragma once

#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::kube {

// Tests of claims, as a path of the normal form has them, any set of which suffices; what cannot be said is added to
// `dropped`.
std::vector<Node> claims_of(const Node& authenticator, std::vector<Node>& dropped);

} // namespace jwtdomain::gateway::kube
