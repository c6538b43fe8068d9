// Pieces that stand between two characters of a token, and for nothing.
#include <algorithm>
#include <array>

#include "jwtdomain/scan/piece_parts.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kNoPlace = std::string_view::npos;
constexpr std::size_t kLongestJoint = 512;

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_space(char c) { return is_blank(c) || c == '\r' || c == '\n'; }

std::size_t skip_spaces(std::string_view text, std::size_t at) {
    while (at < text.size() && is_space(text[at])) ++at;
    return at;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// "2016-10-06T00:17:09.669794202Z stdout F ": a line of Kubernetes' CRI log format.
std::size_t size_of_cri_prefix(std::string_view line) {
    constexpr std::size_t kLongestTime = 40;
    if (line.size() < 20 || line[4] != '-' || line[10] != 'T') return 0;
    const std::size_t time = line.substr(0, kLongestTime).find(' ');
    if (time == kNoPlace) return 0;
    for (const std::string_view stream : {" stdout F ", " stdout P ", " stderr F ", " stderr P "}) {
        if (line.substr(time, stream.size()) == stream) return time + stream.size();
    }
    return 0;
}

// What json-file, Docker's log driver, puts between the 16 KiB that it cuts a line into:
// `","stream":"stdout","time":"..."}` and `{"log":"`.
std::size_t size_of_docker_split(std::string_view rest) {
    constexpr std::string_view kNext = "\n{\"log\":\"";
    if (rest.substr(0, 11) != "\",\"stream\":") return 0;
    const std::size_t next = rest.substr(0, kLongestJoint).find(kNext);
    if (next == kNoPlace || next == 0 || (rest[next - 1] != '}' && rest[next - 1] != '\r')) return 0;
    return next + kNext.size();
}

} // namespace

std::size_t size_of_line_start(std::string_view line) {
    if (const std::size_t prefix = size_of_cri_prefix(line)) return prefix;
    std::size_t at = 0;
    while (at < line.size() && is_blank(line[at])) ++at;
    const std::size_t marks = at;
    while (at < line.size() && (std::string_view(">|#*+").find(line[at]) != kNoPlace || (line.substr(at, 2) == "//"))) {
        at += line[at] == '/' ? 2 : 1;
        while (at < line.size() && is_blank(line[at])) ++at;
        if (at - marks > 16) return marks;
    }
    return at;
}

Piece break_piece(std::string_view rest, bool loose) {
    const std::size_t line = rest.find_first_not_of(" \t");
    if (line == kNoPlace) return rest.size() < kLongestJoint ? more_of_piece() : no_piece();
    if (rest[line] != '\r' && rest[line] != '\n') return loose ? joint(line, Repair::spaces) : no_piece();
    std::size_t at = line + 1;
    if (rest[line] == '\r' && at < rest.size() && rest[at] == '\n') ++at;
    // What the next line begins with must be there to be looked at.
    constexpr std::size_t kLineStart = 64;
    if (rest.size() < at + kLineStart && rest.find('\n', at) == kNoPlace) {
        const std::size_t start = size_of_line_start(rest.substr(at));
        return at + start >= rest.size() ? more_of_piece() : joint(at + start, Repair::wrapped);
    }
    const std::size_t prefix = size_of_cri_prefix(rest.substr(at));
    return joint(at + size_of_line_start(rest.substr(at)), prefix > 0 ? Repair::log_split : Repair::wrapped);
}

// "a" + "b", "a" "b", 'a' . 'b', "a" & _ "b"; "a", "b".
Piece quote_piece(std::string_view rest) {
    if (const std::size_t split = size_of_docker_split(rest)) return joint(split, Repair::log_split);
    const std::string_view near = rest.substr(0, kLongestJoint);
    const char quote = near.front();
    std::size_t at = skip_spaces(near, 1);
    bool listed = false;
    const std::size_t operators = at;
    while (at < near.size() && at - operators < 4 && std::string_view("+.&_,\\").find(near[at]) != kNoPlace) {
        listed = listed || near[at] == ',';
        at = skip_spaces(near, at + 1);
    }
    if (near.substr(at, 2) == "//") { // a comment between, as people write
        at = std::min(near.find('\n', at), near.size());
        at = skip_spaces(near, at);
    }
    if (at >= near.size()) return near.size() < kLongestJoint ? more_of_piece() : no_piece();
    if (is_letter(near[at]) && at + 1 < near.size() && near[at + 1] == quote) ++at; // b"..."
    if (near[at] != quote) return no_piece();
    if (at == 1) return no_piece(); // "" is no text
    return listed ? Piece{Piece::Kind::list, at + 1, 0, Repair::listed} : joint(at + 1, Repair::concatenated);
}

Piece defanged_piece(std::string_view rest) {
    constexpr std::size_t kLongest = 7;
    const char open = rest.front();
    const char close = open == '[' ? ']' : open == '(' ? ')' : '}';
    const std::size_t end = rest.substr(0, kLongest).find(close);
    if (end == kNoPlace) return rest.size() < kLongest ? more_of_piece() : no_piece();
    const std::string_view inside = rest.substr(1, end - 1);
    for (const std::string_view dot : {".", "dot", "DOT", " . ", "\\."}) {
        if (inside == dot) return {Piece::Kind::character, end + 1, '.', Repair::defanged};
    }
    return no_piece();
}

// <wbr>, <br/>, </span><span class="x">
Piece markup_piece(std::string_view rest) {
    constexpr std::size_t kLongest = 160;
    if (rest.size() < 4) return more_of_piece();
    if (!is_letter(rest[1]) && !(rest[1] == '/' && is_letter(rest[2]))) return no_piece();
    const std::size_t end = rest.substr(0, kLongest).find('>');
    if (end == kNoPlace) return rest.size() < kLongest ? more_of_piece() : no_piece();
    return joint(skip_spaces(rest.substr(0, end + kLongest), end + 1), Repair::markup);
}

// ECMA-48 control sequences, and the one of hyperlinks.
Piece terminal_piece(std::string_view rest) {
    constexpr std::size_t kLongest = 256;
    if (rest.size() < 3) return more_of_piece();
    if (rest[1] == '[') {
        for (std::size_t at = 2; at < std::min(rest.size(), std::size_t{32}); ++at) {
            if (rest[at] >= '@' && rest[at] <= '~') return joint(at + 1, Repair::terminal);
            if (rest[at] < ' ' || rest[at] > '?') return no_piece();
        }
        return rest.size() < 32 ? more_of_piece() : no_piece();
    }
    if (rest[1] != ']') return no_piece();
    const std::string_view near = rest.substr(0, kLongest);
    if (const std::size_t bell = near.find('\a'); bell != kNoPlace) return joint(bell + 1, Repair::terminal);
    if (const std::size_t end = near.find("\x1b\\", 2); end != kNoPlace) return joint(end + 2, Repair::terminal);
    return rest.size() < kLongest ? more_of_piece() : no_piece();
}

} // namespace jwtdomain::scan
