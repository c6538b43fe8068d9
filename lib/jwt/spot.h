// Spotting compact tokens in text of any kind: the start of a header in base64 is unmistakable.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace jwtdomain {

// A run of base64 characters and dots that begins with an encoded JSON object, and what follows it after '~' (SD-JWT).
struct Spotted {
    std::size_t begin = 0, end = 0; // octets of the text, with the tail
    std::size_t tail = 0;           // where the first '~' stands; `end` if there is none
    std::size_t parts = 0;          // between dots, before the tail
};

// True if `text` starts with the base64 of '{' followed by '"', '}' or white space.
bool opens_header(std::string_view text);

// True for the characters of both base64 alphabets and '='.
bool is_base64_character(char c);

// The first token at or after `from` that has at least `least_parts` parts; dots at its end are not part of it. Takes
// time in proportion to the text.
std::optional<Spotted> spot_token(std::string_view text, std::size_t from = 0, std::size_t least_parts = 3);

} // namespace jwtdomain
