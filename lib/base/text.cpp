#include "jwtdomain/base/text.h"

namespace jwtdomain {

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string_view trimmed(std::string_view text, std::string_view blanks) {
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view take_until(std::string_view& text, char end) {
    const std::string_view head = text.substr(0, text.find(end));
    text.remove_prefix(head.size() == text.size() ? head.size() : head.size() + 1);
    return head;
}

std::string hexadecimal(std::string_view octets) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * octets.size());
    for (const char c : octets) {
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
    const auto put = [&](std::uint32_t octet) { out += static_cast<char>(octet); };
    const auto continuation = [&](unsigned shift) { put(0x80 | ((code_point >> shift) & 0x3f)); };
    if (code_point < 0x80) {
        put(code_point);
        return;
    }
    if (code_point < 0x800) {
        put(0xc0 | (code_point >> 6));
    } else {
        if (code_point < 0x10000) {
            put(0xe0 | (code_point >> 12));
        } else {
            put(0xf0 | (code_point >> 18));
            continuation(12);
        }
        continuation(6);
    }
    continuation(0);
}

} // namespace jwtdomain
