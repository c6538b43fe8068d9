#include "jwtdomain/accept/normal.h"

#include <algorithm>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/base/wildcard.h"

namespace jwtdomain::accept {
namespace {

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
    case Match::glob: return wildcard::matches(text, value, wildcard::Unit::octet);
    case Match::regex: return regex_matches(pattern, value);
    }
    return false;
}

} // namespace

bool Strings::contains(std::string_view value) const {
    return any || std::find(exact.begin(), exact.end(), value) != exact.end() ||
           std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& p) { return matches(p, value); });
}

bool Dialect::reads_in_any_case(std::string_view claim) const {
    return std::find(any_case.begin(), any_case.end(), claim) != any_case.end();
}

const Location& Path::place_of(std::string_view part) const {
    const auto found = std::find_if(places.begin(), places.end(), [&](const auto& each) { return each.first == part; });
    return found == places.end() ? where : found->second;
}

} // namespace jwtdomain::accept
