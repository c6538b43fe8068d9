#include "jwtdomain/policy/yaml_text.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/text.h"

namespace jwtdomain::policy {

namespace {

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_safe(char c) {
    return is_alpha(c) || (c >= '0' && c <= '9') || std::string_view("._/:@+-").find(c) != std::string_view::npos;
}

// Words that some reader of YAML takes for something else than a string.
bool is_reserved(std::string_view text) {
    constexpr std::array<std::string_view, 10> kWords{"true", "false", "null", "yes", "no",
                                                      "on",   "off",   "y",    "n",   "none"};
    return std::find(kWords.begin(), kWords.end(), lower_case(text)) != kWords.end();
}

bool is_plain_safe(std::string_view text) {
    if (text.empty() || (!is_alpha(text.front()) && text.front() != '/') || text.back() == ':') return false;
    return std::all_of(text.begin(), text.end(), is_safe) && !is_reserved(text);
}

} // namespace

std::string yaml_string(std::string_view text) {
    if (is_plain_safe(text)) return std::string(text);
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (octet < 0x20 || octet == 0x7f) {
            out += "\\x";
            out += kHex[octet >> 4];
            out += kHex[octet & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string yaml_list(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + yaml_string(text);
    return out + "]";
}

} // namespace jwtdomain::policy
