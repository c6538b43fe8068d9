#include "jwtdomain/base/wildcard.h"

#include <algorithm>

namespace jwtdomain::wildcard {
namespace {

constexpr auto kNone = static_cast<std::size_t>(-1);

bool is_tail(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; } // of a UTF-8 sequence

// Octets of the unit that begins at `at`; 0 in the middle of a character.
std::size_t unit_at(std::string_view text, std::size_t at, Unit unit) {
    if (unit == Unit::octet) return 1;
    if (is_tail(text[at])) return 0;
    std::size_t end = at + 1;
    while (end < text.size() && is_tail(text[end])) ++end;
    return end - at;
}

} // namespace

bool matches(std::string_view pattern, std::string_view text, Unit unit) {
    std::size_t p = 0, t = 0, star = kNone, star_end = 0; // after a mismatch only the last '*' needs to grow
    while (t < text.size()) {
        std::size_t taken = 0;
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_end = t;
            continue;
        }
        if (p < pattern.size()) taken = pattern[p] == '?' ? unit_at(text, t, unit) : (pattern[p] == text[t] ? 1 : 0);
        if (taken > 0) {
            ++p;
            t += taken;
        } else if (star != kNone) {
            p = star + 1;
            t = ++star_end;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool name_matches(std::string_view pattern, std::string_view name) {
    if (!name.empty() && name.front() == '.' && (pattern.empty() || pattern.front() != '.')) return false;
    return matches(pattern, name, Unit::character);
}

Result<std::vector<std::string>> split_path(std::string_view pattern) {
    const auto wrong = [&](const char* why) {
        return fail(Fault::invalid, "the pattern '" + std::string(pattern) + "' " + why,
                    "write patterns like domains/*.yaml or **/*.json");
    };
    if (pattern.empty()) return wrong("is empty");
    if (pattern.front() == '/') return wrong("must not start with '/'");
    if (pattern.find('\0') != std::string_view::npos) return wrong("holds a NUL");
    std::vector<std::string> names;
    for (std::size_t begin = 0; begin <= pattern.size();) {
        const std::size_t end = std::min(pattern.find('/', begin), pattern.size());
        const std::string_view name = pattern.substr(begin, end - begin);
        begin = end + 1;
        if (name == "..") return wrong("must not leave its directory");
        if (name.empty() && end == pattern.size()) return wrong("must not end with '/'");
        const bool repeated = name == "**" && !names.empty() && names.back() == "**";
        if (!name.empty() && name != "." && !repeated) names.emplace_back(name);
    }
    if (names.empty()) return wrong("names no file");
    if (names.back() == "**") names.emplace_back("*");
    return names;
}

bool path_matches(std::string_view pattern, std::string_view path) {
    const auto globs = split_path(pattern);
    const auto names = split_path(path);
    if (!globs || !names) return false;
    std::size_t g = 0, n = 0, any = kNone, any_end = 0; // as above, only the last "**" needs to grow
    while (n < names->size()) {
        if (g < globs->size() && (*globs)[g] == "**") {
            any = g++;
            any_end = n;
        } else if (g < globs->size() && name_matches((*globs)[g], (*names)[n])) {
            ++g;
            ++n;
        } else if (any != kNone && (*names)[any_end].front() != '.') {
            g = any + 1;
            n = ++any_end;
        } else {
            return false;
        }
    }
    return g == globs->size();
}

} // namespace jwtdomain::wildcard
