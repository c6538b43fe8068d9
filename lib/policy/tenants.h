// Templates: one domain file that stands for many domains, one per tenant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy {

// One tenant a line; '#' begins a comment, white space around names is dropped. Faults: invalid (not a tenant name, one
// twice, none).
Result<std::vector<std::string>> parse_tenants(std::string_view text, const std::string& file);

// The domain that a template stands for: {tenant} replaced in every string of it.
Domain instantiate(const Domain& pattern, const std::string& tenant);

// The same in a regular expression, where the name stands for itself, and compiles it. Faults: as accept::compile().
Status instantiate(accept::Pattern& expression, const std::string& tenant);

// True if some string of it holds {tenant}.
bool has_placeholder(const Domain& domain);

} // namespace jwtdomain::policy
