#include "cli/docs/mdoc.h"

#include <algorithm>

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kLine = 78;

std::string escaped(std::string_view text, bool code) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '\\': out += "\\e"; break;
        case '~': out += "\\(ti"; break;
        case '^': out += "\\(ha"; break;
        case '-': out += code ? "\\-" : "-"; break;
        case '\'': out += code ? "\\(aq" : "'"; break;
        case '`': out += "\\(ga"; break;
        default: out += c;
        }
    }
    return out;
}

// With code in backquotes as bold text. Options are code even without them.
std::string inline_text(std::string_view text) {
    std::string out;
    bool code = false;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('`'), text.size());
        const std::string part = escaped(text.substr(0, end), code);
        out += code ? "\\fB" + part + "\\fR" : part;
        text.remove_prefix(std::min(end + 1, text.size()));
        code = !code;
    }
    for (std::size_t at = out.find(" --"); at != std::string::npos; at = out.find(" --", at + 1))
        out.replace(at, 3, " \\-\\-");
    if (out.rfind("--", 0) == 0) out.replace(0, 2, "\\-\\-");
    return out;
}

std::size_t end_of_sentence(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const bool ends = text[i] == '.' || text[i] == '!' || text[i] == '?';
        if (ends && text[i + 1] == ' ') return i + 1;
        if (ends && i + 2 < text.size() && (text[i + 1] == ')' || text[i + 1] == '"') && text[i + 2] == ' ')
            return i + 2;
    }
    return text.size();
}

} // namespace

std::string mdoc_word(std::string_view word) {
    std::string text = escaped(word, true);
    std::string out;
    for (const char c : text) out += c == '"' ? std::string("\\(dq") : std::string(1, c);
    const bool single = out.size() == 1 && std::string_view(".,:;()[]?!|").find(out.front()) != std::string_view::npos;
    if (single) return "\\&" + out;
    return out.find(' ') == std::string::npos && !out.empty() ? out : "\"" + out + "\"";
}

Mdoc& Mdoc::macro(std::string_view name, std::string_view arguments) {
    text_ += "." + std::string(name) + (arguments.empty() ? "" : " ") + std::string(arguments) + "\n";
    return *this;
}

void Mdoc::sentence(std::string_view text) {
    const std::string line = inline_text(text);
    std::string out;
    std::size_t width = 0;
    std::string_view rest = line;
    while (!rest.empty()) {
        const std::size_t space = std::min(rest.find(' '), rest.size());
        const std::string_view word = rest.substr(0, space);
        if (width > 0 && width + 1 + word.size() > kLine) {
            out += '\n';
            width = 0;
        } else if (width > 0) {
            out += ' ';
            ++width;
        }
        if (width == 0 && !word.empty() && (word.front() == '.' || word.front() == '\'')) out += "\\&";
        out += word;
        width += word.size();
        rest.remove_prefix(std::min(space + 1, rest.size()));
    }
    text_ += out + "\n";
}

Mdoc& Mdoc::text(std::string_view paragraphs) {
    bool first = true;
    while (!paragraphs.empty()) {
        const std::size_t end = std::min(paragraphs.find("\n\n"), paragraphs.size());
        std::string paragraph(paragraphs.substr(0, end));
        std::replace(paragraph.begin(), paragraph.end(), '\n', ' ');
        if (!first) macro("Pp");
        first = false;
        std::string_view rest = paragraph;
        while (!rest.empty()) {
            const std::size_t stop = end_of_sentence(rest);
            sentence(rest.substr(0, stop));
            rest.remove_prefix(std::min(stop + 1, rest.size()));
        }
        paragraphs.remove_prefix(std::min(end + 2, paragraphs.size()));
    }
    return *this;
}

Mdoc& Mdoc::literal(std::string_view lines) {
    macro("Bd", "-literal -offset indent");
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        const std::string line = escaped(lines.substr(0, end), true);
        if (!line.empty() && (line.front() == '.' || line.front() == '\'')) text_ += "\\&";
        text_ += line + "\n";
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return macro("Ed");
}

} // namespace jwtdomain::cli
