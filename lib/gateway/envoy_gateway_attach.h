// Which policy guards what.
// Internal: not installed.
#pragma once

#include "jwtdomain/gateway/envoy_gateway_objects.h"
#include "jwtdomain/gateway/gateway.h"

namespace jwtdomain::gateway::envoy_gateway {

// A policy of a route stands in the place of that of its gateway, the whole of it, unless it is merged into it.
void read_attached(const Objects& objects, const Selection& selection, Verifiers& out);

} // namespace jwtdomain::gateway::envoy_gateway
