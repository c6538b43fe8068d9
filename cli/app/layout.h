// Laying out text in columns: what a line has room for is counted in characters (code points).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jwtdomain::cli {

std::size_t columns(std::string_view text);
std::string padded(std::string text, std::size_t width); // with spaces at its end, if it is shorter

struct LineShape {
    std::size_t width;
    std::size_t taken = 0;    // columns of the first line that something else has, less than `width`
    bool whole_words = false; // a longer word sticks out: for commands and paths, which are copied
};

// Breaks `text` at spaces, and words that are longer than a line anywhere. Never empty.
std::vector<std::string> break_lines(std::string_view text, const LineShape& shape);

// The same, as one text: each line after the first is indented.
std::string wrap(std::string_view text, std::size_t indent, const LineShape& shape);

} // namespace jwtdomain::cli
