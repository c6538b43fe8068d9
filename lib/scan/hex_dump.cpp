#include "jwtdomain/scan/hex_dump.h"

#include <algorithm>

#include "jwtdomain/base/digits.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kNoSeparator = std::string_view::npos;
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

// Where the first octet, 0x65, and the second stand. The anchor has digits of the second, and perhaps the last of the
// first or digits of the third.
struct FirstOctets {
    std::size_t first = 0, second = 0;
    bool good = false;
};

FirstOctets first_octets(std::string_view text, std::size_t at) {
    if (text[at] == '5') { // 6[5 79], 6[5:7
        const std::size_t second = at + (hex_digit(text[at + 1]) >= 0 ? 1 : 2);
        return {at - 1, second, at > 0 && text[at - 1] == '6'};
    }
    const std::size_t second = text[at + 1] == ' ' ? at - 1 : at; // 7[9 4
    if (second > at || (second < at && (at == 0 || text[second] != '7'))) return {};
    for (const std::string_view before : {"65", "65 ", "65, 0x", "65,0x", "65 0x"}) {
        if (second >= before.size() && text.substr(second - before.size(), before.size()) == before)
            return {second - before.size(), second, true};
    }
    // It ends the line before, or the left half of this one: what stands between is no octet of the text.
    const std::size_t from = second - std::min(second, kLongestLine);
    const std::string_view before = text.substr(from, second - from);
    const bool gap = before.size() >= 2 && before.substr(before.size() - 2) == "  ";
    const std::size_t newline = before.rfind('\n');
    if (!gap && newline == kNoSeparator) return {};
    const std::size_t found = before.rfind("65", gap ? kNoSeparator : newline);
    return found == kNoSeparator ? FirstOctets{} : FirstOctets{from + found, second, true};
}

// From the end of an octet to the next one of the same text; kNoSeparator if there is none.
std::size_t next_octet(std::string_view text, std::size_t at) {
    if (is_octet_at(text, at)) return at; // plain
    const std::string_view near = text.substr(0, std::min(text.size(), at + kLongestLine));
    const std::size_t blank = skip_blanks(near, at);
    // Groups. hexdump -C has two blanks in the middle of a line; what others show as text comes behind two as well.
    const bool single = blank + 2 < near.size() && near[blank + 2] == ' ';
    const bool last_one = single && near.substr(blank + 2, 2) == "  " && near.find('|', blank) < near.find('\n', blank);
    const bool apart = blank == at + 2 && single && (last_one || is_octet_at(near, blank + 3));
    if ((blank == at + 1 || apart) && is_octet_at(near, blank)) return blank;
    if (at < near.size() && (near[at] == ':' || near[at] == '-') && is_octet_at(near, at + 1)) return at + 1;
    for (const std::string_view mark : {"\\x", ", 0x", ",0x", " 0x", "0x", ", ", ","}) {
        if (near.substr(at, mark.size()) == mark && is_octet_at(near, at + mark.size())) return at + mark.size();
    }
    // The rest of a line is blank, or shows the octets as text.
    const std::size_t newline = near.find('\n', at);
    if (newline == kNoSeparator) return kNoSeparator;
    const std::string_view rest = near.substr(at, newline - at);
    const bool ends = rest.find_first_not_of(" \t\r,\\\"") == kNoSeparator;
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
    const FirstOctets begin = first_octets(text, at);
    if (!begin.good || !is_octet_at(text, begin.second)) return {.end = at};
    out += 'e';
    at = begin.second;
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
