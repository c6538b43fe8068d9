// Internal: not installed.
#pragma once

#include <string>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway {

// Something that accepts no token: no key verifies anything.
Node nothing_accepted(std::string name, Mark at);

} // namespace jwtdomain::gateway
