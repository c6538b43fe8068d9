// Internal: claims that say whose customer a token is of.
#pragma once

#include "jwtdomain/accept/normal.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::audit::rules {

bool is_tenant_claim(const std::vector<std::string>& path, const policy::Domain& domain);
// Does the path ask for tenants from a list?
bool pins_tenant(const accept::Path& path, const policy::Domain& domain);

} // namespace jwtdomain::audit::rules
