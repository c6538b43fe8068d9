// The routes of HTTPProxy objects, from each root through what it includes.
// Internal: not installed.
#pragma once

#include <span>

#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::contour {

bool is_proxy(const Node& document);

// A route is of the namespace of the object that has it: so are its services.
void read_proxies(std::span<const Node> documents, const Selection& selection, Verifiers& out);

} // namespace jwtdomain::gateway::contour
