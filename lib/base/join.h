// Words as one text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jwtdomain {

// "a, b, c" with ", " between them.
std::string join(const std::vector<std::string>& words, std::string_view between);

} // namespace jwtdomain
