// What a place of Apache httpd comes to in the normal form.
// Internal: not installed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/gateway/apache_keys.h"
#include "jwtdomain/gateway/apache_require.h"

namespace jwtdomain::gateway::apache {

// The paths of all ways, each with a token that one of the verifications takes. `openidc`: claims are read as
// mod_auth_openidc does. Nothing if there are too many.
std::optional<std::vector<Node>> paths_of(const std::vector<Way>& ways, const std::vector<Verification>& verifications,
                                          bool openidc, Mark at);

// Without what stands for a tenant in the normal form.
std::string printable(std::string shown);

} // namespace jwtdomain::gateway::apache
