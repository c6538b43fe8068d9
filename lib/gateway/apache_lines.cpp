#include "jwtdomain/gateway/apache_lines.h"

#include <algorithm>

#include "jwtdomain/base/join.h"

namespace jwtdomain::gateway::apache_lines {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

std::string escaped(std::string_view value, std::string_view specials) {
    std::string out;
    for (const char c : value) {
        if (specials.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

} // namespace

bool is_writable(std::string_view value) {
    const bool controls = std::any_of(value.begin(), value.end(),
                                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    return !value.empty() && !controls && value.find("${") == std::string_view::npos;
}

std::string argument(std::string_view value) { return '"' + escaped(value, "\"\\") + '"'; }

std::string json_line(std::string json) {
    std::erase(json, '\n');
    for (std::size_t at = 0; (at = json.find("${", at)) != std::string::npos;) json.replace(at, 1, "\\u0024");
    return json;
}

std::string texts(const std::vector<std::string>& values) {
    std::vector<std::string> out;
    for (const std::string& value : values) out.push_back("'" + escaped(value, "'\\%$") + "'");
    return join(out, ", ");
}

std::string word_of(std::string_view word) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out = "(^| )";
    for (const char c : word) {
        const auto octet = static_cast<unsigned char>(c);
        if (is_letter_or_digit(c) || c == '_' || c == ':' || c == '-' || c == '/')
            out += c;
        else
            (out += "\\x") += {kDigits[octet >> 4U], kDigits[octet & 0xfU]};
    }
    return out + "( |\\z)";
}

bool is_variable(std::string_view name) {
    return !name.empty() &&
           std::all_of(name.begin(), name.end(), [](char c) { return is_letter_or_digit(c) || c == '_'; });
}

std::optional<std::string> claim_name(const std::vector<std::string>& path) {
    const auto is_readable = [](const std::string& name) {
        return !name.empty() && name.find_first_of(":~.") == std::string::npos;
    };
    if (path.size() > 1 && !std::all_of(path.begin(), path.end(), is_readable)) return std::nullopt;
    const std::string out = join(path, ".");
    return is_writable(out) ? std::optional(out) : std::nullopt;
}

} // namespace jwtdomain::gateway::apache_lines
