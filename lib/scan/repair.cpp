#include "jwtdomain/scan/repair.h"

#include "jwtdomain/scan/piece_parts.h"

namespace jwtdomain::scan {

std::string_view name_of(Repair repair) {
    switch (repair) {
    case Repair::percent: return "url-encoded";
    case Repair::character_escape: return "escaped-characters";
    case Repair::backslash: return "backslashes";
    case Repair::entity: return "html-entities";
    case Repair::quoted_printable: return "quoted-printable";
    case Repair::defanged: return "defanged";
    case Repair::invisible: return "invisible-characters";
    case Repair::terminal: return "terminal-sequences";
    case Repair::wrapped: return "wrapped-lines";
    case Repair::escaped_break: return "escaped-line-breaks";
    case Repair::concatenated: return "concatenated-strings";
    case Repair::listed: return "listed-strings";
    case Repair::markup: return "markup";
    case Repair::log_split: return "split-log-lines";
    case Repair::cookie_chunks: return "cookie-chunks";
    case Repair::standard_alphabet: return "standard-alphabet";
    case Repair::padding: return "padding";
    case Repair::spaces: return "spaces";
    }
    return "";
}

std::vector<Repair> Repairs::list() const {
    std::vector<Repair> out;
    for (std::size_t i = 0; i < kRepairs; ++i) {
        if (has(static_cast<Repair>(i))) out.push_back(static_cast<Repair>(i));
    }
    return out;
}

bool begins_piece(char c, bool loose) {
    constexpr std::string_view kFirst = "+/=%\\&[({<\"'`\r\n\t\x1b\xc2\xe2\xef";
    return kFirst.find(c) != std::string_view::npos || c == ' ' || (loose && c == ',');
}

Piece piece_at(std::string_view text, std::size_t at, bool loose) {
    const std::string_view rest = text.substr(at);
    switch (rest.front()) {
    case '+': return {Piece::Kind::character, 1, '-', Repair::standard_alphabet};
    case '/': return {Piece::Kind::character, 1, '_', Repair::standard_alphabet};
    case '%': return percent_piece(rest);
    case '\\': return backslash_piece(rest);
    case '&': return entity_piece(rest);
    case '=': return equals_piece(rest);
    case '[':
    case '(':
    case '{': return defanged_piece(rest);
    case '<': return markup_piece(rest);
    case '"':
    case '\'':
    case '`': return quote_piece(rest);
    case '\r':
    case '\n':
    case '\t':
    case ' ': return break_piece(rest, loose);
    case '\x1b': return terminal_piece(rest);
    case '\xc2':
    case '\xe2':
    case '\xef': return invisible_piece(rest);
    default: return {};
    }
}

} // namespace jwtdomain::scan
