// Names of claims in the normal form.
// Internal: not installed.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway {

// For a further test of this claim, outermost name first, among `claims`. It can be tested twice: under its name, and
// under the pointer to it. Empty: it cannot any more, or has no name.
std::string free_claim_name(const Node& claims, const std::vector<std::string>& path);

} // namespace jwtdomain::gateway
