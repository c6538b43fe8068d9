// The version of the library, which is that of the program.
#pragma once

#include <string_view>

namespace jwtdomain {

std::string_view version(); // "0.1.0"

} // namespace jwtdomain
