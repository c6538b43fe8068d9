#include "cli/inspect/layout.h"

#include <algorithm>

namespace jwtdomain::cli {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Octets of the first `count` characters.
std::size_t octets_of(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if (continues_character(text[at])) continue;
        if (count == 0) break;
        --count;
    }
    return at;
}

} // namespace

std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

std::vector<std::string> break_lines(std::string_view text, std::size_t width) {
    std::vector<std::string> lines{""};
    bool fresh = true; // nothing is on the last line yet
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        std::string_view word = text.substr(0, space);
        text.remove_prefix(std::min(space + 1, text.size()));
        const std::size_t used = fresh ? 0 : columns(lines.back()) + 1;
        if (!fresh && used + columns(word) > width) {
            lines.emplace_back();
            fresh = true;
        } else if (!fresh) {
            lines.back() += ' ';
        }
        while (columns(word) > width) {
            const std::size_t head = octets_of(word, width);
            lines.back() += word.substr(0, head);
            lines.emplace_back();
            word.remove_prefix(head);
        }
        lines.back() += word;
        fresh = false;
    }
    return lines;
}

} // namespace jwtdomain::cli
