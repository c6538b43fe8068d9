#include "jwtdomain/scan/hex_dump.h"

#include <algorithm>

#include "jwtdomain/scan/digits.h"

namespace jwtdomain::scan {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t kNoSeparator = npos;
constexpr std::size_t kLongestLine = 200; // of a dump

bool is_octet_at(std::string_view text, std::size_t at) {
    return at + 1 < text.size() && hex_octet(text[at], text[at + 1]) >= 0;
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    return at;
}

// The offset that a line of a dump begins with: "00000010: ", "00000010  ", "0000020 ". 0: none.
std::size_t size_of_offset(std::string_view line) {
    std::size_t at = skip_blanks(line, 0);
    const std::size_t digits = at;
    while (at < line.size() && hex_digit(line[at]) >= 0) ++at;
    const std::size_t count = at - digits;
    if (count < 4 || count > 16 || at >= line.size()) return 0;
    if (line[at] == ':') return skip_blanks(line, at + 1);
    const std::size_t next = skip_blanks(line, at);
    return next > at && (count >= 6 || next > at + 1) ? next : 0;
}

// The anchor has digits of the second octet, and perhaps the last of the first, which is 0x65. How far before the
// anchor does it begin? 0: nowhere.
std::size_t size_of_first_octet(std::string_view text, std::size_t at) {
    for (const std::string_view before : {"65", "6", "65, 0x", "65,0x", "65 0x"}) {
        const bool has_last = text[at] == '5';
        if ((before == "6") == has_last && at >= before.size() &&
            text.substr(at - before.size(), before.size()) == before)
            return before.size();
    }
    return 0;
}

// From the end of an octet to the next one of the same text; kNoSeparator if there is none.
std::size_t next_octet(std::string_view text, std::size_t at) {
    if (is_octet_at(text, at)) return at; // plain
    const std::string_view near = text.substr(0, std::min(text.size(), at + kLongestLine));
    const std::size_t blank = skip_blanks(near, at);
    // Groups. hexdump -C has two blanks in the middle of a line; what others show as text comes behind two as well.
    const bool apart =
        blank == at + 2 && blank + 2 < near.size() && near[blank + 2] == ' ' && is_octet_at(near, blank + 3);
    if ((blank == at + 1 || apart) && is_octet_at(near, blank)) return blank;
    if (at < near.size() && (near[at] == ':' || near[at] == '-') && is_octet_at(near, at + 1)) return at + 1;
    for (const std::string_view mark : {"\\x", ", 0x", ",0x", " 0x", "0x", ", ", ","}) {
        if (near.substr(at, mark.size()) == mark && is_octet_at(near, at + mark.size())) return at + mark.size();
    }
    // The rest of a line is blank, or shows the octets as text.
    const std::size_t newline = near.find('\n', at);
    if (newline == npos) return kNoSeparator;
    const std::string_view rest = near.substr(at, newline - at);
    const bool ends = rest.find_first_not_of(" \t\r,\\\"") == npos;
    if (!ends && rest.substr(0, 2) != "  ") return kNoSeparator;
    const std::string_view line = text.substr(newline + 1, kLongestLine);
    const std::size_t offset = size_of_offset(line);
    if (!ends && offset == 0) return kNoSeparator;
    std::size_t next = newline + 1 + (offset != 0 ? offset : skip_blanks(line, 0));
    if (text.substr(next, 2) == "0x" || text.substr(next, 2) == "\\x") next += 2;
    return is_octet_at(text, next) ? next : kNoSeparator;
}

} // namespace

Decoding decode_hex(std::string_view text, std::size_t at, std::size_t most, std::string& out) {
    const std::size_t before = size_of_first_octet(text, at);
    if (before == 0) return {.end = at};
    at -= before;
    while (out.size() < most) {
        out += static_cast<char>(hex_octet(text[at], text[at + 1]));
        const std::size_t end = at + 2;
        const std::size_t next = next_octet(text, end);
        if (next == kNoSeparator) return {.end = end, .cut = false, .to_the_end = end + kLongestLine >= text.size()};
        at = next;
    }
    return {.end = at, .cut = true};
}

} // namespace jwtdomain::scan
