#include "jwtdomain/jwt/salvage.h"

#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json.h"

namespace jwtdomain {
namespace {

constexpr json::Limits kLimits{.depth = 32, .values = 100000, .duplicates = json::Duplicates::last};

std::string with_valid_utf8(std::string_view text) {
    std::string out;
    for (;;) {
        const std::size_t bad = find_invalid_utf8(text);
        out += text.substr(0, bad);
        if (bad == std::string_view::npos) return out;
        out += "\xef\xbf\xbd";
        text.remove_prefix(bad + 1);
    }
}

// Where the last ',' between members of the outermost object stands; npos if none does.
std::size_t last_comma(std::string_view text) {
    std::size_t comma = std::string_view::npos, depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        } else if (c == ',' && depth == 1) {
            comma = i;
        }
    }
    return comma;
}

} // namespace

Salvaged salvage_object(std::string_view given) {
    const std::string text = with_valid_utf8(given);
    json::Document document;
    json::Problem problem = document.parse(text, kLimits);
    if (!problem) return document.root().is(json::Kind::object) ? Salvaged{text, true} : Salvaged{};
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || text[first] != '{') return {};
    const std::string_view good = std::string_view(text).substr(0, problem.offset);
    // A number at the very end may have had more digits: 17 of 1795767788 is another time.
    const bool in_number = good.size() == text.size() && !good.empty() &&
                           std::string_view("0123456789.+-eE").find(good.back()) != std::string_view::npos;
    // Trailing data after a whole object; a text that breaks off behind a whole member; or somewhere inside one.
    for (const std::string& candidate : {std::string(good), in_number ? std::string() : std::string(good) + "}",
                                         std::string(good.substr(0, std::min(last_comma(good), good.size()))) + "}"}) {
        problem = document.parse(candidate, kLimits);
        if (!problem && document.root().size() > 0) return {candidate, false};
    }
    return {};
}

} // namespace jwtdomain
