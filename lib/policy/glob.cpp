#include "jwtdomain/policy/glob.h"

#include <vector>

namespace jwtdomain::policy {

namespace {

bool name_matches(std::string_view glob, std::string_view name) {
    if (!name.empty() && name.front() == '.' && (glob.empty() || glob.front() != '.')) return false;
    std::size_t g = 0, n = 0, star = std::string_view::npos, star_end = 0;
    while (n < name.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g++;
            star_end = n;
        } else if (g < glob.size() && (glob[g] == '?' || glob[g] == name[n])) {
            ++g;
            ++n;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            n = ++star_end;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', g) == std::string_view::npos;
}

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> names;
    for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
        names.push_back(path.substr(0, slash));
        path.remove_prefix(slash + 1);
    }
    names.push_back(path);
    return names;
}

} // namespace

bool glob_matches(std::string_view pattern, std::string_view path) {
    const auto globs = split(pattern), names = split(path);
    constexpr auto kNone = static_cast<std::size_t>(-1);
    std::size_t g = 0, n = 0, any = kNone, any_end = 0; // after a mismatch only the last "**" needs to grow
    while (n < names.size()) {
        const bool directories = g + 1 < globs.size() && globs[g] == "**";
        if (directories) {
            any = g++;
            any_end = n;
        } else if (g < globs.size() && name_matches(globs[g], names[n])) {
            ++g;
            ++n;
        } else if (any != kNone && (names[any_end].empty() || names[any_end].front() != '.')) {
            g = any + 1;
            n = ++any_end;
        } else {
            return false;
        }
    }
    return g == globs.size();
}

} // namespace jwtdomain::policy
