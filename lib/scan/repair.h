// What was done to the characters of a token on its way into a log, a page, a program or a mail, and is undone one
// piece at a time: escapes that stand for a character, and joints that stand for nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jwtdomain::scan {

// The order is that of reports.
enum class Repair : std::uint8_t {
    percent,          // %2E, %252E
    character_escape, // \u002e, \x2e, \056
    backslash,        // \.  \_
    entity,           // &#46; &period;
    quoted_printable, // =2E, and '=' at the end of a line
    defanged,         // [.] (dot)
    invisible,        // zero-width characters, soft hyphens
    terminal,         // escape sequences of a terminal
    wrapped,          // line breaks, with what begins the next line
    escaped_break,    // a literal \n
    concatenated,     // "a" + "b"
    listed,           // "a", "b", "c"
    markup,           // <wbr>
    log_split,        // a line that a container runtime cut
    cookie_chunks,    // session.0=, session.1=
    standard_alphabet,
    padding,
    spaces,
};
constexpr std::size_t kRepairs = 18;
std::string_view name_of(Repair repair);

class Repairs {
public:
    void add(Repair repair) { bits_ |= 1u << static_cast<unsigned>(repair); }
    bool has(Repair repair) const { return (bits_ >> static_cast<unsigned>(repair)) & 1u; }
    bool none() const { return bits_ == 0; }
    std::vector<Repair> list() const; // in the order of the enum

private:
    std::uint32_t bits_ = 0;
};

struct Piece {
    enum class Kind : std::uint8_t {
        none,      // nothing that is known
        more,      // the text ends within one
        character, // stands for `character`: one of a token, '.', '=' or '~'
        joint,     // stands for nothing
        list,      // what stands between two strings of a list
    };
    Kind kind = Kind::none;
    std::size_t size = 0; // octets of the text
    char character = 0;
    Repair repair = Repair::percent;
};

// The piece that text[at] begins, which is no base64url character. `loose`: also what stands for nothing by a stretch.
Piece piece_at(std::string_view text, std::size_t at, bool loose);

// Could a piece begin with this octet?
bool begins_piece(char c, bool loose);

} // namespace jwtdomain::scan
