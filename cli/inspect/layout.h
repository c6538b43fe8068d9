// Laying out names and values in 80 columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jwtdomain::cli {

// Characters (code points) of a text.
std::size_t columns(std::string_view text);

// Breaks `text` at spaces, and words that are longer than `width` anywhere. Never empty.
std::vector<std::string> break_lines(std::string_view text, std::size_t width);

} // namespace jwtdomain::cli
