// Text, mostly ASCII.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jwtdomain {

inline constexpr std::string_view kBlanks = " \t\r\n\f\v";

std::string lower_case(std::string_view text); // A to Z only
// Without the blanks at both ends. The answer refers to `text`.
std::string_view trimmed(std::string_view text, std::string_view blanks = kBlanks);
// What stands before the first `end`, or all; it is taken off `text`, with the `end`.
std::string_view take_until(std::string_view& text, char end);

// A code point up to U+10FFFF in UTF-8 (RFC 3629 section 3).
void append_utf8(std::string& out, std::uint32_t code_point);

std::string hexadecimal(std::string_view octets); // in small letters

} // namespace jwtdomain
