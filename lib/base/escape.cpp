#include "jwtdomain/base/escape.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace jwtdomain {
namespace {

struct Range {
    char32_t first, last;
};

// What moves the cursor, reorders its neighbours, or cannot be seen: Unicode's Cc, Cf, Zl, Zp, Co, noncharacters,
// Default_Ignorable_Code_Point, and the blanks that look like a space or like nothing.
constexpr Range kUnsafe[] = {
    {0x0000, 0x001f},   // C0
    {0x007f, 0x00a0},   // DEL, C1, no-break space
    {0x00ad, 0x00ad},   // soft hyphen
    {0x034f, 0x034f},   // combining grapheme joiner
    {0x0600, 0x0605},   // Arabic number signs
    {0x061c, 0x061c},   // Arabic letter mark
    {0x06dd, 0x06dd},   // Arabic end of ayah
    {0x070f, 0x070f},   // Syriac abbreviation mark
    {0x0890, 0x0891},   // Arabic pound and piastre marks
    {0x08e2, 0x08e2},   // Arabic disputed end of ayah
    {0x115f, 0x1160},   // Hangul fillers
    {0x1680, 0x1680},   // Ogham space
    {0x17b4, 0x17b5},   // Khmer inherent vowels
    {0x180b, 0x180f},   // Mongolian variation selectors
    {0x2000, 0x200f},   // spaces, zero width, left-to-right and right-to-left marks
    {0x2028, 0x202f},   // line and paragraph separators, bidirectional embeddings and overrides, narrow space
    {0x205f, 0x206f},   // mathematical space, invisible operators, bidirectional isolates
    {0x2800, 0x2800},   // braille blank
    {0x3000, 0x3000},   // ideographic space
    {0x3164, 0x3164},   // Hangul filler
    {0xd800, 0xf8ff},   // surrogates (never in UTF-8), private use
    {0xfdd0, 0xfdef},   // noncharacters
    {0xfe00, 0xfe0f},   // variation selectors
    {0xfeff, 0xfeff},   // byte order mark
    {0xffa0, 0xffa0},   // half-width Hangul filler
    {0xfff0, 0xfffb},   // interlinear annotations
    {0xfffe, 0xffff},   // noncharacters
    {0x110bd, 0x110bd}, // Kaithi number signs
    {0x110cd, 0x110cd}, {0x13430, 0x1343f}, // Egyptian joiners
    {0x1bca0, 0x1bca3},                     // shorthand controls
    {0x1d173, 0x1d17a},                     // musical controls
    {0xe0000, 0x10ffff}                     // tags, variation selectors, private use
};

bool is_unsafe(char32_t c) {
    if (c < 0x7f) return c < 0x20;
    if ((c & 0xfffe) == 0xfffe) return true; // the noncharacters at the end of each plane
    const auto* const range = std::lower_bound(std::begin(kUnsafe), std::end(kUnsafe), c,
                                               [](const Range& r, char32_t x) { return r.last < x; });
    return range != std::end(kUnsafe) && range->first <= c;
}

struct Character {
    char32_t value = 0;
    std::size_t size = 1; // octets
    bool valid = false;
};

// Decodes the character at the start of a text that is not empty (Unicode 15, table 3-7).
Character decode(std::string_view text) {
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = octet(0);
    if (lead < 0x80) return {.value = lead, .size = 1, .valid = true};
    if (lead < 0xc2 || lead > 0xf4) return {};
    const std::size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (text.size() < size) return {};
    char32_t value = lead & (0x7fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((octet(i) & 0xc0) != 0x80) return {};
        value = (value << 6) | (octet(i) & 0x3fu);
    }
    const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
    if (overlong || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return {};
    return {.value = value, .size = size, .valid = true};
}

std::string hex(std::uint32_t value, int digits) {
    std::string text;
    for (int shift = 28; shift >= 0; shift -= 4) {
        const std::uint32_t digit = (value >> shift) & 15u;
        if (digit != 0 || !text.empty() || shift < 4 * digits) text += "0123456789abcdef"[digit];
    }
    return text;
}

// Appends the escaped form of one character and says how many characters of output it took.
std::size_t append_escaped(std::string& out, const Character& c, std::string_view octets) {
    const std::size_t before = out.size();
    if (!c.valid) {
        out += "\\x" + hex(static_cast<unsigned char>(octets[0]), 2);
    } else if (c.value == '\\') {
        out += "\\\\";
    } else if (!is_unsafe(c.value)) {
        out += octets;
        return 1;
    } else if (c.value < 0x80) {
        out += "\\x" + hex(c.value, 2);
    } else {
        out += "\\u{" + hex(c.value, 2) + "}";
    }
    return out.size() - before;
}

} // namespace

std::string escape_text(std::string_view text) { return escape_text(text, std::string_view::npos); }

std::string escape_text(std::string_view text, std::size_t limit) {
    constexpr std::string_view kDots = "...";
    std::string out;
    std::size_t length = 0; // of `out`, in characters
    std::size_t kept = 0;   // octets of `out` that leave room for the dots
    const std::size_t room = limit - std::min(limit, kDots.size());
    while (!text.empty()) {
        const Character c = decode(text);
        length += append_escaped(out, c, text.substr(0, c.size));
        text.remove_prefix(c.size);
        if (length <= room) kept = out.size();
        if (length > limit) {
            out.resize(kept);
            out += kDots.substr(0, limit);
            return out;
        }
    }
    return out;
}

bool is_plain(std::string_view text) {
    while (!text.empty()) {
        const Character c = decode(text);
        if (!c.valid || c.value == '\\' || is_unsafe(c.value)) return false;
        text.remove_prefix(c.size);
    }
    return true;
}

std::string percent_encoded(std::string_view text, std::string_view kept) {
    constexpr std::string_view kDigits = "0123456789ABCDEF", kMarks = "-._~";
    std::string out;
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        const auto octet = static_cast<unsigned char>(c);
        if (letter || kMarks.find(c) != kMarks.npos || kept.find(c) != kept.npos)
            out += c;
        else
            out += {'%', kDigits[octet >> 4], kDigits[octet & 15]};
    }
    return out;
}

std::size_t find_invalid_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
            continue;
        }
        const Character c = decode(text.substr(at));
        if (!c.valid) return at;
        at += c.size;
    }
    return std::string_view::npos;
}

} // namespace jwtdomain
