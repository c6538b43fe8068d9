#include "jwtdomain/jwt/spot.h"

#include <algorithm>

namespace jwtdomain {
namespace {

// Its six bits, or -1.
int value_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '-' || c == '+') return 62;
    if (c == '_' || c == '/') return 63;
    return -1;
}

bool is_token_character(char c) { return c == '.' || is_base64_character(c); }

template <class Belongs> std::size_t end_of_run(std::string_view text, std::size_t from, Belongs belongs) {
    while (from < text.size() && belongs(text[from])) ++from;
    return from;
}

std::size_t count_dots(std::string_view text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '.'));
}

// Drops dots that end a sentence or stand for "and so on". Those of "h.p." (no signature) stay.
std::string_view without_stops(std::string_view run) {
    std::size_t dots = count_dots(run);
    const bool ellipsis = run.size() > 3 && run.substr(run.size() - 3) == "...";
    while (run.back() == '.' && (ellipsis || (dots != 2 && dots != 4))) {
        run.remove_suffix(1);
        --dots;
    }
    return run;
}

} // namespace

bool is_base64_character(char c) { return c == '=' || value_of(c) >= 0; }

bool opens_header(std::string_view text) {
    if (text.size() < 3 || text[0] != 'e') return false;
    const int second = value_of(text[1]);
    const int third = value_of(text[2]);
    if (second < 48 || third < 0) return false; // 'e' and two set bits make '{'
    const char next = static_cast<char>(((second & 15) << 4) | (third >> 2));
    return next == '"' || next == '}' || next == ' ' || next == '\t' || next == '\r' || next == '\n';
}

std::optional<Spotted> spot_token(std::string_view text, std::size_t from, std::size_t least_parts) {
    for (;;) {
        from = text.find('e', from);
        if (from == std::string_view::npos) return std::nullopt;
        if (!opens_header(text.substr(from))) {
            ++from;
            continue;
        }
        const std::size_t run_end = end_of_run(text, from, is_token_character);
        const bool has_tail = run_end < text.size() && text[run_end] == '~';
        std::string_view run = text.substr(from, run_end - from);
        if (!has_tail) run = without_stops(run);
        if (const std::size_t parts = count_dots(run) + 1; parts >= least_parts) {
            const std::size_t tail = from + run.size();
            const std::size_t end =
                has_tail ? end_of_run(text, tail, [](char c) { return c == '~' || is_token_character(c); }) : tail;
            return Spotted{.begin = from, .end = end, .tail = tail, .parts = parts};
        }
        from = run_end; // what begins later in this run has no more parts
    }
}

} // namespace jwtdomain
