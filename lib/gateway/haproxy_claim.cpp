// Claims as HAProxy sees them: of the first of two that have one name, a string as it is, a number as C prints it
// ("%g"), true and false as 1 and 0, and neither null nor a list nor an object at all.
#include "jwtdomain/gateway/haproxy_claim.h"

#include <algorithm>
#include <charconv>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/gateway/nodes.h"
#include "jwtdomain/policy/bind.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::gateway::haproxy {
namespace {

using accept::Match;

// Of what C prints of a number.
constexpr std::string_view kOfNumbers = "0123456789.+-einfa";

// Numbers that are not printed as they are written, and true and false.
constexpr std::string_view kOtherNumbers = "^(-?[0-9]+[.eE][-+.eE0-9]*|-?[0-9]{7,}|-0|true|false)$";

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool may_be_number(std::string_view text) {
    if (text.find_first_not_of(kOfNumbers) != std::string_view::npos) return false;
    const bool word = text.find("inf") != std::string_view::npos || text.find("nan") != std::string_view::npos;
    return word || text.find_first_of("0123456789") != std::string_view::npos;
}

// Is there a number among the texts that it matches? Through every state: more is found than there is.
bool may_be_number(const accept::Automaton& automaton) {
    std::vector<std::uint32_t> open = {automaton.start()};
    std::vector<bool> seen(automaton.states().size());
    while (!open.empty()) {
        const std::uint32_t at = open.back();
        open.pop_back();
        if (seen[at]) continue;
        seen[at] = true;
        const accept::Automaton::State& state = automaton.states()[at];
        if (state.accepting) return true;
        open.insert(open.end(), state.empty.begin(), state.empty.end());
        for (const accept::Automaton::Edge& edge : state.edges) {
            const auto takes = [&](char c) { return edge.on.test(static_cast<unsigned char>(c)); };
            if (std::any_of(kOfNumbers.begin(), kOfNumbers.end(), takes)) open.push_back(edge.to);
        }
    }
    return false;
}

// "$.a.b" as the form has it: "/a/b". A name with a dot in it has a backslash before that.
std::optional<std::string> name_of(std::string_view query) {
    if (!query.starts_with("$.")) return std::nullopt;
    std::vector<std::string> path(1);
    for (std::size_t i = 2; i < query.size(); ++i) {
        if (query[i] == '\\' && i + 1 < query.size() && query[i + 1] == '.')
            path.back() += query[++i];
        else if (query[i] == '.')
            path.emplace_back();
        else if (query[i] == '[' || query[i] == ']' || query[i] == '\\' || query[i] == '*')
            return std::nullopt;
        else
            path.back() += query[i];
    }
    if (std::any_of(path.begin(), path.end(), [](const std::string& name) { return name.empty(); }))
        return std::nullopt;
    std::string out = policy::format_claim_path(path);
    const auto again = policy::parse_claim_path(out);
    if (!again || *again != path) return std::nullopt;
    return out;
}

Node pattern_node(const char* kind, const std::string& value, Mark at) {
    Node out = object(at);
    put(out, kind, text(value, at));
    return out;
}

// False: that cannot be said.
bool add_value(const std::string& method, const std::string& value, Mark at, ClaimTest& out, bool& numbers) {
    if (value.empty() || !is_ascii(value) || value.find("{tenant}") != std::string::npos) return false;
    if (method == "str") {
        numbers = numbers || may_be_number(value);
        out.values.push_back(text(value, at));
        return true;
    }
    const bool beg = method == "beg", end = method == "end", sub = method == "sub";
    if (!beg && !end && !sub && method != "reg") return false;
    const Match match = beg ? Match::prefix : end ? Match::suffix : sub ? Match::contains : Match::regex;
    const auto automaton = accept::Automaton::of({.match = match, .text = value});
    if (!automaton) return false;
    numbers = numbers || may_be_number(*automaton);
    out.values.push_back(pattern_node(beg ? "prefix" : end ? "suffix" : sub ? "contains" : "regex", value, at));
    return true;
}

// Read with 'int' a number is cut off at its point or exponent, and so is a text at what is no digit.
ClaimTest whole_number(const Atom& atom, ClaimTest out) {
    const auto& values = atom.test.values;
    const bool equal = values.size() == 1 || (values.size() == 2 && values.front() == "eq");
    const std::string value = equal ? values.back() : "";
    constexpr std::size_t kMostDigits = 15;
    const bool digits = !value.empty() && value.front() >= '1' && value.front() <= '9' && value.size() <= kMostDigits &&
                        value.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || !atom.value.whole) {
        out.dropped = "numbers are compared";
        return out;
    }
    out.values.push_back(pattern_node("regex", "^[+]?0*" + value + "([^0-9]|$)", atom.mark));
    if (value == "1") out.values.push_back(text("true", atom.mark));
    return out;
}

std::int64_t flip(std::int64_t value) { return -value; }

std::optional<std::int64_t> number_of(const std::string& text) {
    std::int64_t out = 0;
    constexpr std::int64_t kMost = std::int64_t{1} << 40;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || out > kMost || out < -kMost)
        return std::nullopt;
    return out;
}

struct Comparison {
    bool greater = false, equal = false;
    std::int64_t than = 0;
};

// "gt 5", as numbers.
std::optional<Comparison> comparison_of(const Test& test) {
    const auto& values = test.values;
    if (!test.method.empty() && test.method != "int") return std::nullopt;
    if (test.unknown_values || values.size() != 2) return std::nullopt;
    const std::string& by = values.front();
    const auto than = number_of(values.back());
    // 2.6 reads no negative number there: "gt -30" takes what ended long ago (run).
    if (values.back().empty() || values.back().front() == '-') return std::nullopt;
    const bool known = by == "lt" || by == "le" || by == "gt" || by == "ge";
    if (!known || !than) return std::nullopt;
    return Comparison{.greater = by[0] == 'g', .equal = by[1] == 'e', .than = *than};
}

// a value `is` (gt, lt) another one.
void bound(bool greater, std::int64_t than, Bound& out) { (greater ? out.after : out.before) = than; }

} // namespace

ClaimTest claim_test(const Atom& atom) {
    ClaimTest out;
    const Test& test = atom.test;
    const bool first = atom.value.query == "$.aud[0]";
    out.name = first ? std::optional<std::string>("aud") : name_of(atom.value.query);
    if (!out.name) return out;
    if (test.method == "found") {
        out.present = !first;
        if (first) out.dropped = "a list is wanted";
        return out;
    }
    if (test.any_case || test.unknown_values || (atom.value.whole && test.method != "int")) {
        out.dropped = test.unknown_values ? "its values are elsewhere" : "a comparison that is not modelled";
        return out;
    }
    if (test.method == "int") return whole_number(atom, std::move(out));
    bool numbers = false;
    for (const std::string& value : test.values) {
        if (add_value(test.method, value, atom.mark, out, numbers)) continue;
        out.values.clear();
        out.dropped = "a comparison that is not modelled";
        return out;
    }
    const bool registered = *out.name == "iss" || *out.name == "aud";
    if (numbers) {
        out.dropped = "numbers are compared as text";
        if (registered)
            out.values.clear();
        else
            out.values.push_back(pattern_node("regex", std::string(kOtherNumbers), atom.mark));
    }
    out.first_of_list = first;
    if (first && out.dropped.empty()) out.dropped = "only the first of a list counts";
    return out;
}

std::optional<Bound> bound_of(const Atom& atom, bool holds) {
    const Value& value = atom.value;
    const auto compared = comparison_of(atom.test);
    const bool fits =
        (value.claims == 1 && (value.nows == -1 || value.nows == 0)) || (value.claims == -1 && value.nows == 1);
    if (!compared || !fits) return std::nullopt;
    Bound out{.from_now = value.nows != 0, .needed = holds};
    bool greater = compared->greater, equal = compared->equal;
    if (!holds) greater = !greater, equal = !equal;
    std::int64_t limit = compared->than - value.seconds;
    if (value.claims < 0) greater = !greater, limit = flip(limit);
    if (equal) limit += greater ? -1 : 1;
    bound(greater, limit, out);
    return out;
}

std::optional<Bound> bound_of_life(const Atom& atom) {
    const auto compared = comparison_of(atom.test);
    if (!compared) return std::nullopt;
    Bound out{.needed = true};
    const std::int64_t more = compared->greater ? -1 : 1;
    bound(compared->greater, compared->than + (compared->equal ? more : 0), out);
    return out;
}

std::string file_of_keys(const std::string& argument) {
    if (argument.empty()) return "keys without a name";
    if (argument.find_first_of("{}") != std::string::npos || argument.find("://") != std::string::npos)
        return "keys that are not named by a file";
    return argument == "none" || argument == "discovery" ? "./" + argument : argument;
}

bool are_media_types(const std::vector<std::string>& values) {
    constexpr std::string_view kOfTypes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-./";
    return !values.empty() && std::all_of(values.begin(), values.end(), [&](const std::string& value) {
        return !value.empty() && value.find_first_not_of(kOfTypes) == std::string::npos &&
               policy::is_media_type(value) && value != "any" && value != "absent";
    });
}

} // namespace jwtdomain::gateway::haproxy
