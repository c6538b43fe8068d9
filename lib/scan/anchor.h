// Anchors: three octets that every token has near its start, in whatever encoding of the table it stands. Looking for
// them is all that happens to most of what is scanned.
// Internal: not installed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace jwtdomain::scan {

// How the text that an anchor is in was made of the start of a header.
enum class Anchoring : std::uint8_t {
    plain,   // it is that start
    base64,  // of either alphabet, at any of three alignments
    base32,  // at any of five
    hex,     // two digits an octet, whatever stands between them
    escapes, // each character as \xHH, \u00HH or %HH
    utf16,
    gzip, // a member begins there (RFC 1952)
};

struct Anchor {
    char octets[3];
    Anchoring anchoring;
    char first;         // of what was encoded: its first octet,
    std::uint8_t known; // and how many bits of it, from the top, lie before the anchor
};

std::span<const Anchor> anchors();

// The anchor that `text` begins with; null if none.
const Anchor* anchor_at(std::string_view text);

// Where the first anchor at or after `from` stands; text.size() if there is none.
std::size_t find_anchor(std::string_view text, std::size_t from);

// The two that find_anchor chooses from when the program runs.
using AnchorKernel = std::size_t (*)(std::string_view text, std::size_t from);
std::size_t find_anchor_portable(std::string_view text, std::size_t from);
AnchorKernel anchor_kernel_avx2(); // null: this processor has none

} // namespace jwtdomain::scan
