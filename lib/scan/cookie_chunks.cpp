#include "jwtdomain/scan/cookie_chunks.h"

#include <algorithm>

#include "jwtdomain/base/text.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kNoCookie = std::string_view::npos;
constexpr std::size_t kLongestName = 128, kBetween = 512;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_name_part(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
}

// The name of the value that begins at `at`: `NAME=`, or `"name": "NAME", "value": "`.
std::string_view name_of_value(std::string_view text, std::size_t at) {
    const std::size_t from = at - std::min(at, kLongestName + 64);
    std::string_view before = text.substr(from, at - from);
    if (before.empty()) return {};
    if (before.back() == '=') {
        before.remove_suffix(1);
        std::size_t begin = before.size();
        while (begin > 0 && is_name_part(before[begin - 1])) --begin;
        return before.substr(begin);
    }
    constexpr std::string_view kName = "\"name\"";
    const std::size_t name = before.rfind(kName);
    if (before.back() != '"' || name == kNoCookie || before.rfind("\"value\"") == kNoCookie) return {};
    const std::size_t open = before.find('"', name + kName.size());
    const std::size_t close = open == kNoCookie ? kNoCookie : before.find('"', open + 1);
    return close == kNoCookie ? std::string_view{} : before.substr(open + 1, close - open - 1);
}

} // namespace

std::optional<CookieChunks> CookieChunks::of(std::string_view text, std::size_t at) {
    const std::string_view name = name_of_value(text, at);
    if (name.size() < 3 || !is_digit(name.back())) return std::nullopt;
    const char separator = name[name.size() - 2];
    if (separator != '.' && separator != '_' && separator != '-' && separator != 'C') return std::nullopt;
    CookieChunks out;
    out.base_ = name.substr(0, name.size() - 1);
    out.index_ = static_cast<unsigned>(name.back() - '0');
    return out;
}

std::size_t CookieChunks::next(std::string_view text, std::size_t end) {
    const std::string_view near = text.substr(end, kBetween);
    const std::string name = base_ + std::to_string(index_ + 1);
    const std::size_t found = near.find(name);
    if (found == kNoCookie) return 0;
    std::size_t at = found + name.size();
    if (near.substr(at, 1) == "=") {
        ++at;
        if (near.substr(at, 1) == "\"") ++at;
    } else {
        constexpr std::string_view kValue = "\"value\"";
        const std::size_t value = near.find(kValue, at);
        const std::size_t open = value == kNoCookie ? kNoCookie : near.find('"', value + kValue.size());
        if (near.substr(at, 1) != "\"" || open == kNoCookie) return 0;
        at = open + 1;
    }
    if (end + at >= text.size()) return 0;
    ++index_;
    return end + at;
}

} // namespace jwtdomain::scan
