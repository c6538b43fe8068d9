#include "cli/app/layout.h"

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

std::string padded(std::string text, std::size_t width) {
    const std::size_t used = columns(text);
    if (used < width) text.append(width - used, ' ');
    return text;
}

std::vector<std::string> break_lines(std::string_view text, const LineShape& shape) {
    std::vector<std::string> lines{""};
    std::size_t room = shape.width - shape.taken; // of the last line
    std::size_t used = 0;
    bool fresh = true; // no word is on the last line yet
    const auto next_line = [&] {
        lines.emplace_back();
        room = shape.width;
        used = 0;
        fresh = true;
    };
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        std::string_view word = text.substr(0, space);
        text.remove_prefix(std::min(space + 1, text.size()));
        std::size_t width = columns(word);
        // A line that something else has begun is left for a word that fits the next one.
        if ((!fresh && used + 1 + width > room) ||
            (fresh && width > room && room < shape.width && width <= shape.width))
            next_line();
        if (!fresh) {
            lines.back() += ' ';
            ++used;
        }
        while (width > room && !shape.whole_words) {
            const std::size_t head = octets_of(word, room);
            lines.back() += word.substr(0, head);
            word.remove_prefix(head);
            width = columns(word);
            next_line();
        }
        lines.back() += word;
        used += width;
        fresh = false;
    }
    return lines;
}

std::string wrap(std::string_view text, std::size_t indent, const LineShape& shape) {
    std::string out;
    const std::string between = "\n" + std::string(indent, ' ');
    const std::vector<std::string> lines = break_lines(text, shape);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i > 0) out += between;
        out += lines[i];
    }
    return out;
}

} // namespace jwtdomain::cli
