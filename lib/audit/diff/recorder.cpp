#include "jwtdomain/audit/diff/recorder.h"

#include <algorithm>
#include <set>

#include "jwtdomain/audit/check_parts.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::audit::detail {
namespace {

using accept::Match;
using accept::Pattern;
using accept::Strings;

bool starts_with(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }
bool ends_with(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Has `wide` every word of `narrow`? False where the texts do not tell.
bool covers(const Pattern& wide, const Pattern& narrow) {
    if (wide.match == narrow.match && wide.text == narrow.text) return true;
    if (narrow.match == Match::glob || narrow.match == Match::regex) return false;
    switch (wide.match) {
    case Match::prefix:
        return (narrow.match == Match::prefix || narrow.match == Match::equal) && starts_with(narrow.text, wide.text);
    case Match::suffix:
        return (narrow.match == Match::suffix || narrow.match == Match::equal) && ends_with(narrow.text, wide.text);
    case Match::contains: return narrow.text.find(wide.text) != std::string::npos;
    case Match::equal:
    case Match::glob:
    case Match::regex: return false;
    }
    return false;
}

bool is_within(const Strings& narrow, const Strings& wide) {
    if (wide.any) return true;
    if (narrow.any) return false;
    const std::set<std::string_view> exact(wide.exact.begin(), wide.exact.end());
    const auto has = [&](const std::string& value) { return exact.count(value) != 0 || wide.contains(value); };
    return std::all_of(narrow.exact.begin(), narrow.exact.end(), has) &&
           std::all_of(narrow.patterns.begin(), narrow.patterns.end(), [&](const Pattern& pattern) {
               if (pattern.match == Match::equal && has(pattern.text)) return true;
               return std::any_of(wide.patterns.begin(), wide.patterns.end(),
                                  [&](const Pattern& other) { return covers(other, pattern); });
           });
}

// Of `words` those that are not among `others`, each once, in order.
std::vector<std::string> beyond(const std::vector<std::string>& words, const std::vector<std::string>& others) {
    std::set<std::string_view> seen(others.begin(), others.end());
    std::vector<std::string> out;
    for (const std::string& word : words) {
        if (seen.insert(word).second) out.push_back(word);
    }
    return out;
}

std::string all_of(const Strings& strings) { return strings.any ? "any" : join(words_of(strings), ", "); }

std::string or_none(const std::string& text) { return text.empty() ? "none" : text; }

} // namespace

Direction opposite(Direction direction) {
    switch (direction) {
    case Direction::weaker: return Direction::stronger;
    case Direction::stronger: return Direction::weaker;
    case Direction::different:
    case Direction::neutral: break;
    }
    return direction;
}

Inclusion compare(const Strings& before, const Strings& after) {
    const bool wider = is_within(before, after), narrower = is_within(after, before);
    if (wider && narrower) return Inclusion::equal;
    if (wider) return Inclusion::wider;
    return narrower ? Inclusion::narrower : Inclusion::neither;
}

Strings exactly(std::vector<std::string> values) {
    Strings out;
    out.exact = std::move(values);
    return out;
}

Strings anything() {
    Strings out;
    out.any = true;
    return out;
}

Strings limit(const std::optional<std::vector<std::string>>& values) { return values ? exactly(*values) : anything(); }

std::vector<std::string> names_of(const std::vector<Algorithm>& algorithms) {
    std::vector<std::string> out;
    out.reserve(algorithms.size());
    for (const Algorithm algorithm : algorithms) out.emplace_back(info(algorithm).name);
    return out;
}

Recorder Recorder::of(Change::Kind kind, const std::string& part) const {
    Recorder out(out_, kind, subject_);
    out.part_ = part_.empty() || part.empty() ? part_ + part : part_ + ", " + part;
    return out;
}

void Recorder::add(std::string what, std::string before, std::string after, Direction direction) const {
    std::string full = part_.empty() ? std::move(what) : part_ + (what.empty() ? "" : ", " + what);
    out_.push_back({.kind = kind_,
                    .direction = direction,
                    .subject = subject_,
                    .what = std::move(full),
                    .before = std::move(before),
                    .after = std::move(after)});
}

void Recorder::text(std::string_view what, const std::string& before, const std::string& after,
                    Direction direction) const {
    if (before != after) add(std::string(what), or_none(before), or_none(after), direction);
}

void Recorder::flag(std::string_view what, bool before, bool after, Direction set) const {
    const auto word = [](bool value) { return value ? "yes" : "no"; };
    if (before != after) add(std::string(what), word(before), word(after), after ? set : opposite(set));
}

void Recorder::span(std::string_view what, std::optional<Seconds> before, std::optional<Seconds> after) const {
    if (before == after) return;
    const auto word = [](std::optional<Seconds> value) { return value ? format_duration(*value) : "no limit"; };
    const bool longer = !after || (before && *after > *before);
    add(std::string(what), word(before), word(after), longer ? Direction::weaker : Direction::stronger);
}

void Recorder::rank(std::string_view what, std::span<const std::string_view> words, std::size_t before,
                    std::size_t after) const {
    if (before == after) return;
    add(std::string(what), std::string(words[before]), std::string(words[after]),
        after > before ? Direction::weaker : Direction::stronger);
}

void Recorder::language(std::string_view what, const Strings& before, const Strings& after, Direction wider) const {
    const Inclusion inclusion = compare(before, after);
    if (inclusion == Inclusion::equal) return;
    const bool plain = !before.any && !after.any && before.patterns.empty() && after.patterns.empty();
    if (!plain) {
        const Direction direction = inclusion == Inclusion::wider      ? wider
                                    : inclusion == Inclusion::narrower ? opposite(wider)
                                                                       : Direction::different;
        return add(std::string(what), or_none(all_of(before)), or_none(all_of(after)), direction);
    }
    if (auto more = beyond(after.exact, before.exact); !more.empty()) came(std::string(what), join(more, ", "), wider);
    if (auto less = beyond(before.exact, after.exact); !less.empty())
        went(std::string(what), join(less, ", "), opposite(wider));
}

void Recorder::list(std::string_view what, const std::vector<std::string>& before,
                    const std::vector<std::string>& after) const {
    if (compare(exactly(before), exactly(after)) == Inclusion::equal)
        text(what, join(before, ", "), join(after, ", "));
    else
        set(what, before, after);
}

} // namespace jwtdomain::audit::detail
