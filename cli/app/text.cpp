#include "cli/app/text.h"

#include <algorithm>

#include "cli/app/layout.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kNames = 12; // width of the column of names
constexpr std::size_t kCodes = 22; // and of codes

} // namespace

std::string TextReport::paint(Tone tone, std::string_view text) const {
    if (!color_) return std::string(text);
    std::string_view code;
    switch (tone) {
    case Tone::plain: return std::string(text);
    case Tone::good: code = "1;32"; break;
    case Tone::bad: code = "1;31"; break;
    case Tone::warning: code = "33"; break;
    case Tone::faint: code = "2"; break;
    case Tone::bold: code = "1"; break;
    }
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

TextReport& TextReport::headline(Tone tone, std::string_view verdict, std::string_view rest) {
    constexpr std::size_t kIndent = 2; // of further lines
    text_ += paint(tone, verdict);
    if (!rest.empty()) {
        const LineShape shape{.width = kTextWidth - kIndent, .taken = columns(verdict) + 1 - kIndent};
        const std::string lines = wrap(escape_text(rest), kIndent, shape);
        text_ += (lines.front() == '\n' ? "" : " ") + lines;
    }
    text_ += "\n";
    return *this;
}

void TextReport::row(Tone tone, std::string_view name, std::size_t column, std::string_view value, bool whole_words) {
    const std::string escaped = escape_text(name);
    const std::string left = padded(escaped, std::max(column, columns(escaped) + 1));
    const std::size_t indent = 2 + columns(left);
    text_ += "  " + paint(tone, left) +
             wrap(escape_text(value), indent, {.width = kTextWidth - indent, .whole_words = whole_words}) + "\n";
}

TextReport& TextReport::field(std::string_view name, std::string_view value) {
    row(Tone::faint, name, kNames, value, false);
    return *this;
}

TextReport& TextReport::path(std::string_view name, std::string_view value) {
    row(Tone::faint, name, kNames, value, true);
    return *this;
}

TextReport& TextReport::entry(Tone tone, std::string_view code, std::string_view text) {
    row(tone, code, kCodes, text, false);
    return *this;
}

TextReport& TextReport::line(std::string_view text, std::size_t indent) {
    text_ += std::string(indent, ' ') + wrap(text, indent, {.width = kTextWidth - indent, .whole_words = true}) + "\n";
    return *this;
}

TextReport& TextReport::verbatim(std::string_view text) {
    text_ += std::string(text) + "\n";
    return *this;
}

TextReport& TextReport::raw_line(std::string_view text) {
    text_ += text;
    text_ += '\n';
    return *this;
}

TextReport& TextReport::blank() {
    text_ += "\n";
    return *this;
}

TextReport& TextReport::heading(std::string_view text) {
    text_ += paint(Tone::bold, text) + "\n";
    return *this;
}

} // namespace jwtdomain::cli
