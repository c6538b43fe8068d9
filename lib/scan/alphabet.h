// Runs of the characters that tokens are made of.
// Internal: not installed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace jwtdomain::scan {

enum class Character : std::uint8_t { other, url, standard }; // of base64url; '+' or '/', of base64 alone

constexpr std::array<Character, 256> make_characters() {
    std::array<Character, 256> out{};
    for (unsigned c = 0; c < 256; ++c) {
        const bool url =
            (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        out[c] = url ? Character::url : c == '+' || c == '/' ? Character::standard : Character::other;
    }
    return out;
}
inline constexpr std::array<Character, 256> kCharacters = make_characters();

inline Character character(char c) { return kCharacters[static_cast<unsigned char>(c)]; }
inline bool is_url_character(char c) { return character(c) == Character::url; }

// Where the run of base64url characters that goes on at `from` ends.
std::size_t end_of_run(std::string_view text, std::size_t from);

std::size_t count_newlines(std::string_view text);

} // namespace jwtdomain::scan
