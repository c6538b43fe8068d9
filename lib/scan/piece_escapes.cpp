// Pieces that stand for a character by its number or name.
#include <array>

#include "jwtdomain/base/digits.h"
#include "jwtdomain/scan/alphabet.h"
#include "jwtdomain/scan/piece_parts.h"

namespace jwtdomain::scan {
namespace {

bool is_invisible(unsigned code) {
    return code == 0xad || (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x2064) || code == 0xfeff;
}

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

struct NamedEntity {
    std::string_view name;
    unsigned code;
};
constexpr std::array kEntities{
    NamedEntity{"period;", '.'},
    NamedEntity{"lowbar;", '_'},
    NamedEntity{"UnderBar;", '_'},
    NamedEntity{"plus;", '+'},
    NamedEntity{"sol;", '/'},
    NamedEntity{"equals;", '='},
    NamedEntity{"shy;", 0xad},
    NamedEntity{"hyphen;", '-'},
    NamedEntity{"dash;", '-'},
    NamedEntity{"NewLine;", '\n'},
    NamedEntity{"ZeroWidthSpace;", 0x200b},
};

} // namespace

Piece character_piece(std::size_t size, unsigned code, Repair repair) {
    if (is_invisible(code)) return joint(size, Repair::invisible);
    if (code == '\n' || code == '\r') return joint(size, repair);
    if (code > 127) return no_piece();
    const char c = static_cast<char>(code);
    if (is_url_character(c) || c == '.' || c == '=' || c == '~') return {Piece::Kind::character, size, c, repair};
    if (c == '+') return {Piece::Kind::character, size, '-', repair};
    if (c == '/') return {Piece::Kind::character, size, '_', repair};
    return no_piece();
}

// "%2E", and encoded again: "%252E".
Piece percent_piece(std::string_view rest) {
    std::size_t at = 1;
    for (int again = 0; again < 3 && rest.substr(at, 2) == "25"; ++again) at += 2;
    if (at + 2 > rest.size()) return more_of_piece();
    const int octet = hex_octet(rest[at], rest[at + 1]);
    if (octet < 0) return no_piece();
    if (octet == 0xe2 || octet == 0xc2 || octet == 0xef) { // UTF-8 of what cannot be seen
        constexpr std::size_t kLongest = 9;
        if (rest.size() < kLongest) return more_of_piece();
        std::string octets(1, static_cast<char>(octet));
        std::size_t end = 3;
        while (octets.size() < 3 && end + 3 <= rest.size() && rest[end] == '%') {
            const int next = hex_octet(rest[end + 1], rest[end + 2]);
            if (next < 0x80) break;
            octets += static_cast<char>(next);
            end += 3;
        }
        const Piece piece = invisible_piece(octets + "  ");
        return piece.kind == Piece::Kind::joint ? joint(piece.size * 3, Repair::invisible) : no_piece();
    }
    return character_piece(at + 2, static_cast<unsigned>(octet), Repair::percent);
}

Piece backslash_piece(std::string_view rest) {
    std::size_t at = 1;
    while (at < rest.size() && at < 8 && rest[at] == '\\') ++at; // escaped again and again
    constexpr std::size_t kLongest = 10;
    const bool whole = rest.size() >= at + kLongest;
    if (at >= rest.size()) return more_of_piece();
    const char kind = rest[at];
    const std::string_view digits = rest.substr(at + 1);
    switch (kind) {
    case 'x':
        if (digits.size() < 2) return more_of_piece();
        if (const int octet = hex_octet(digits[0], digits[1]); octet >= 0)
            return character_piece(at + 3, static_cast<unsigned>(octet), Repair::character_escape);
        return no_piece();
    case 'u': {
        if (digits.size() < 4) return more_of_piece();
        const bool braces = digits.front() == '{';
        unsigned code = 0;
        std::size_t i = braces ? 1 : 0;
        const std::size_t most = i + (braces ? 6 : 4);
        for (; i < digits.size() && i < most && hex_digit(digits[i]) >= 0; ++i)
            code = code * 16 + static_cast<unsigned>(hex_digit(digits[i]));
        if (braces && i == digits.size()) return whole ? no_piece() : more_of_piece();
        if (braces ? digits[i] != '}' : i != most) return no_piece();
        return character_piece(at + 1 + i + (braces ? 1 : 0), code, Repair::character_escape);
    }
    case 'r':
    case 'n': {
        std::size_t end = at + 1;
        while (end + 1 < rest.size() && rest[end] == '\\' &&
               (rest[end + 1] == 'n' || rest[end + 1] == 'r' || rest[end + 1] == 't'))
            end += 2;
        while (end < rest.size() && (rest[end] == ' ' || rest[end] == '\t' || rest[end] == '\n')) ++end;
        return joint(end, Repair::escaped_break);
    }
    case '\r':
    case '\n': { // a shell's continued line
        std::size_t end = at + 1;
        if (kind == '\r' && end < rest.size() && rest[end] == '\n') ++end;
        return joint(end + size_of_line_start(rest.substr(end)), Repair::wrapped);
    }
    case '0': // octal, as printf and sed write it
        if (digits.size() < 2) return more_of_piece();
        if (digits[0] >= '0' && digits[0] <= '7' && digits[1] >= '0' && digits[1] <= '7')
            return character_piece(at + 3, static_cast<unsigned>((digits[0] - '0') * 8 + (digits[1] - '0')),
                                   Repair::character_escape);
        return no_piece();
    case '"': {
        const Piece piece = quote_piece(rest.substr(at));
        if (piece.kind != Piece::Kind::joint && piece.kind != Piece::Kind::list) return piece;
        return {piece.kind, at + piece.size, 0, piece.repair};
    }
    case '.':
    case '_':
    case '-':
    case '/':
    case '+':
    case '=': return character_piece(at + 1, static_cast<unsigned char>(kind), Repair::backslash);
    default: return no_piece();
    }
}

Piece entity_piece(std::string_view rest) {
    std::size_t at = 1;
    for (int again = 0; again < 3 && starts_with(rest.substr(at), "amp;"); ++again) at += 4;
    constexpr std::size_t kLongest = 16;
    const std::size_t end = rest.substr(0, at + kLongest).find(';', at);
    if (end == std::string_view::npos) return rest.size() < at + kLongest ? more_of_piece() : no_piece();
    const std::string_view name = rest.substr(at, end - at + 1);
    if (name.front() == '#' && name.size() > 2) {
        const bool hex = name[1] == 'x' || name[1] == 'X';
        unsigned code = 0;
        for (const char c : name.substr(hex ? 2 : 1, name.size() - (hex ? 3 : 2))) {
            const int digit = hex_digit(c);
            if (digit < 0 || (!hex && digit > 9)) return no_piece();
            code = code * (hex ? 16u : 10u) + static_cast<unsigned>(digit);
            if (code > 0xffff) return no_piece();
        }
        return character_piece(end + 1, code, Repair::entity);
    }
    for (const NamedEntity& each : kEntities) {
        if (each.name == name) return character_piece(end + 1, each.code, Repair::entity);
    }
    return no_piece();
}

// Quoted-printable (RFC 2045 section 6.7), or padding.
Piece equals_piece(std::string_view rest) {
    if (rest.size() < 3) return more_of_piece();
    if (rest[1] == '\n') return joint(2, Repair::quoted_printable);
    if (rest[1] == '\r' && rest[2] == '\n') return joint(3, Repair::quoted_printable);
    if (const int octet = hex_octet(rest[1], rest[2]); octet >= 0) {
        const Piece piece = character_piece(3, static_cast<unsigned>(octet), Repair::quoted_printable);
        if (piece.kind == Piece::Kind::character) return piece;
    }
    return {Piece::Kind::character, 1, '=', Repair::padding};
}

Piece invisible_piece(std::string_view rest) {
    if (rest.size() < 3) return more_of_piece();
    const auto octet = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(rest[i])); };
    if (octet(0) == 0xc2) return octet(1) == 0xad ? joint(2, Repair::invisible) : no_piece();
    const unsigned code = (octet(0) & 15) << 12 | (octet(1) & 63) << 6 | (octet(2) & 63);
    return is_invisible(code) ? joint(3, Repair::invisible) : no_piece();
}

} // namespace jwtdomain::scan
