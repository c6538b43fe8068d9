#include "jwtdomain/accept/normal.h"

#include <algorithm>

#include "jwtdomain/accept/automaton.h"

namespace jwtdomain::accept {
namespace {

bool glob_matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == text[t] && pattern[p] != '*'))) {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool regex_matches(const Pattern& pattern, std::string_view value) {
    if (pattern.automaton) return pattern.automaton->matches(value);
    const Result<Automaton> made = Automaton::of(pattern);
    return made && made->matches(value);
}

bool matches(const Pattern& pattern, std::string_view value) {
    const std::string_view text = pattern.text;
    switch (pattern.match) {
    case Match::equal: return value == text;
    case Match::prefix: return value.substr(0, text.size()) == text;
    case Match::suffix: return value.size() >= text.size() && value.substr(value.size() - text.size()) == text;
    case Match::contains: return value.find(text) != std::string_view::npos;
    case Match::glob: return glob_matches(text, value);
    case Match::regex: return regex_matches(pattern, value);
    }
    return false;
}

} // namespace

bool Strings::contains(std::string_view value) const {
    return any || std::find(exact.begin(), exact.end(), value) != exact.end() ||
           std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& p) { return matches(p, value); });
}

} // namespace jwtdomain::accept
