// Which requests an operation is for, as far as it can be said without a request.
// Internal: not installed.
#pragma once

#include <string_view>

#include "jwtdomain/gateway/istio_policy.h"

namespace jwtdomain::gateway::istio {

// Is every request of `inner` one of `outer`, for certain?
bool covers(const Operation& outer, const Operation& inner);

bool is_same(const Operation& one, const Operation& other);

// Can a request for this host be one of them? Its port, which may stand in the header, is not known.
bool can_reach(const Operation& operation, std::string_view host);

} // namespace jwtdomain::gateway::istio
