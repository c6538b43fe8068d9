// The kinds of pieces, by their first octet, which `rest` begins with. Each is an answer of piece_at().
// Internal: not installed.
#pragma once

#include "jwtdomain/scan/repair.h"

namespace jwtdomain::scan {

inline Piece no_piece() { return {}; }
inline Piece more_of_piece() { return {.kind = Piece::Kind::more}; }
inline Piece joint(std::size_t size, Repair repair) { return {Piece::Kind::joint, size, 0, repair}; }

// For an octet that an escape stands for: a character of a token, a zero-width joint if it is a line break, else none.
Piece character_piece(std::size_t size, unsigned code, Repair repair);

Piece percent_piece(std::string_view rest);
Piece backslash_piece(std::string_view rest);
Piece entity_piece(std::string_view rest);
Piece equals_piece(std::string_view rest);
Piece defanged_piece(std::string_view rest);
Piece markup_piece(std::string_view rest);
Piece quote_piece(std::string_view rest);
Piece break_piece(std::string_view rest, bool loose);
Piece terminal_piece(std::string_view rest);
Piece invisible_piece(std::string_view rest);

// Octets of what begins a line before its text: indentation, marks of quotations and comments, the prefix of a log.
std::size_t size_of_line_start(std::string_view line);

} // namespace jwtdomain::scan
