// Hexadecimal digits, one by one.
// Internal: not installed.
#pragma once

namespace jwtdomain {

// What the digit stands for, in letters of either case, or -1.
constexpr int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// The octet of two digits, or -1.
constexpr int hex_octet(char high, char low) {
    const int h = hex_digit(high), l = hex_digit(low);
    return h < 0 || l < 0 ? -1 : h * 16 + l;
}

} // namespace jwtdomain
