// What is done to tokens on their way into dumps: each takes a text and gives another one that holds it.
#pragma once

#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/base64url.h"

namespace jwtdomain::test {

inline std::string random_octets(std::mt19937& random, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(random() & 255);
    return out;
}

inline std::string in_lines(std::string_view text, std::size_t width, std::string_view between) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += width)
        out += (i > 0 ? std::string(between) : "") + std::string(text.substr(i, width));
    return out;
}

inline std::string with_dots(std::string_view text, std::string_view dot) {
    std::string out;
    for (const char c : text) out += c == '.' ? std::string(dot) : std::string(1, c);
    return out;
}

inline std::string digits_of(std::string_view text, std::string_view before, std::string_view between = "",
                             bool capitals = false) {
    const std::string_view digits = capitals ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i > 0) out += between;
        out += before;
        out += digits[static_cast<unsigned char>(text[i]) >> 4];
        out += digits[static_cast<unsigned char>(text[i]) & 15];
    }
    return out;
}

inline std::string base32_of(std::string_view octets) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    unsigned bits = 0, count = 0;
    for (const char c : octets) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        for (count += 8; count >= 5; count -= 5) out += kDigits[(bits >> (count - 5)) & 31];
        bits &= 0xff;
    }
    if (count > 0) out += kDigits[(bits << (5 - count)) & 31];
    return out;
}

inline std::string utf16_of(std::string_view text, bool big) {
    std::string out;
    for (const char c : text) {
        if (big) out += '\0';
        out += c;
        if (!big) out += '\0';
    }
    return out;
}

// As xxd (groups of two octets) and hexdump -C show it.
inline std::string dump_of(std::string_view text, bool canonical) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 16) {
        const std::string_view row = text.substr(i, 16);
        std::string shown(row);
        for (char& c : shown) c = c < ' ' || c > '~' ? '.' : c;
        std::string offset = digits_of(std::string{static_cast<char>(i >> 24), static_cast<char>(i >> 16),
                                                   static_cast<char>(i >> 8), static_cast<char>(i)},
                                       "");
        out += offset + (canonical ? "  " : ": ");
        for (std::size_t k = 0; k < row.size(); ++k) {
            out += digits_of(row.substr(k, 1), "");
            if (canonical) out += k == 7 ? "  " : " ";
            if (!canonical && k % 2 == 1) out += ' ';
        }
        out += canonical ? " |" + shown + "|\n" : " " + shown + "\n";
    }
    return out;
}

} // namespace jwtdomain::test
