// What the text directly around a token says about it. Internal to unwrapping.
// Internal: not installed.
#pragma once

#include <string_view>
#include <vector>

#include "jwtdomain/jwt/unwrap.h"

namespace jwtdomain {

std::vector<Seen> context_of(std::string_view before, std::string_view after); // from the outside in

} // namespace jwtdomain
