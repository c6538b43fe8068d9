// Internal: where a certificate and what the inputs give are not the same, in words.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/audit/canonical.h"

namespace jwtdomain::audit::canonical {

// At most `most` of the places below, besides the files among `inputs`, which explain most of what differs and have
// names. Empty only if the two are equal.
std::vector<std::string> differences(const Json& said, const Json& found, std::size_t most);

std::string shown(const Json& json); // shortened

} // namespace jwtdomain::audit::canonical
