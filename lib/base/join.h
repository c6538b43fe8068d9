// Words as one text, and back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jwtdomain {

// "a, b, c" with ", " between them.
std::string join(const std::vector<std::string>& words, std::string_view between);

// What stands between those characters: always one word more than there are of them, which may be empty.
std::vector<std::string> split(std::string_view text, char between);

} // namespace jwtdomain
