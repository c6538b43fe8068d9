#include <algorithm>
#include <map>

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/haproxy_path.h"
#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::haproxy {
namespace {

constexpr std::size_t kLongest = 240; // of a name

// Whoever sends a request chooses these.
bool is_chosen_by_all(const Atom& atom) {
    if (atom.test.method == "found") return true;
    const std::string& what = atom.value.text;
    for (const char* place :
         {"path", "url", "base", "query", "method", "req.ver", "req_ver", "hdr(host)", "req.hdr(host)"}) {
        if (what.starts_with(place)) return true;
    }
    return what.empty() && (atom.text.starts_with("METH_") || atom.text.starts_with("HTTP"));
}

// Can a request whose header Host is `host` meet it? Perhaps, unless the condition compares that header, which is
// written as it is typed here, and it alone. A header may also name a port, or be in capitals: what is only for hosts
// that are not this one is for such requests, too, but not for those that are asked about.
bool may_meet(const Literal literal, const Atom& atom, const std::string& host) {
    const bool of_host = atom.value.text == "hdr(host)" || atom.value.text == "req.hdr(host)";
    const Test& test = atom.test;
    if (atom.kind != Atom::Kind::request || !of_host || test.unknown_values || test.values.empty()) return true;
    const auto read = [&](const std::string& text) { return test.any_case ? lower_case(text) : text; };
    const std::string own = read(host);
    const auto equal = [&](const std::string& value) { return read(value) == own; };
    const auto begins = [&](const std::string& value) { return own.starts_with(read(value)); };
    const auto ends = [&](const std::string& value) { return own.ends_with(read(value)); };
    const auto any = [&](const auto& fits) { return std::any_of(test.values.begin(), test.values.end(), fits); };
    const bool exact = test.method.empty() || test.method == "str";
    if (exact) return any(equal) == literal.holds;
    if (test.method == "beg") return any(begins) == literal.holds;
    if (test.method == "end") return any(ends) == literal.holds;
    return true;
}

bool is_for(const Cube& cube, const Atoms& atoms, const std::string& host) {
    return host.empty() || std::all_of(cube.begin(), cube.end(), [&](const Literal literal) {
               return may_meet(literal, atoms[literal.atom], host);
           });
}

// What a cube asks for besides a token.
struct Conditions {
    std::string on_request; // in words
    std::string opaque;
    std::string unknown;
    std::string credential; // what not everybody meets
};

Conditions conditions_of(const Cube& cube, const Atoms& atoms, const std::string& token) {
    Conditions out;
    for (const Literal literal : cube) {
        const Atom& atom = atoms[literal.atom];
        switch (atom.kind) {
        case Atom::Kind::token: break;
        case Atom::Kind::opaque: out.opaque = atom.text; break;
        case Atom::Kind::unknown: out.unknown = atom.text; break;
        case Atom::Kind::request:
            if (!token.empty() && !literal.holds && asks_for_numbers(atom, token)) break; // its path says so
            // A token that passes is there.
            if (!token.empty() && literal.holds && atom.test.method == "found" &&
                lower_case(atom.value.text).find("auth") != std::string::npos)
                break;
            out.on_request +=
                (out.on_request.empty() ? "" : ", ") + std::string(literal.holds ? "if " : "unless ") + atom.text;
            if (literal.holds && !is_chosen_by_all(atom)) out.credential = atom.text;
            break;
        }
    }
    return out;
}

std::string cut(std::string text) {
    if (text.size() <= kLongest) return text;
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

} // namespace

std::string readable(std::string text) {
    constexpr std::string_view kPlaceholder = "{tenant}";
    for (std::size_t at = 0; (at = text.find(kPlaceholder, at)) != std::string::npos;) text.replace(at, 1, "(");
    std::replace(text.begin(), text.end(), kElsewhere, '$');
    return cut(std::move(text));
}

std::string token_of(const Cube& cube, const Atoms& atoms) {
    std::string any;
    for (const Literal literal : cube) {
        const Atom& atom = atoms[literal.atom];
        if (atom.kind != Atom::Kind::token || !literal.holds) continue;
        if (atom.value.kind == Value::Kind::verification) return atom.value.token;
        any = atom.value.token;
    }
    return any;
}

void add_entries(const std::string& name, Mark at, const Formula& passing, const Atoms& atoms, const std::string& host,
                 Verifiers& out) {
    if (passing.too_large()) {
        out.push_back(opaque(readable(name), "its conditions come to more cases than are looked at", at));
        return;
    }
    std::vector<std::string> order;
    std::map<std::string, std::vector<Node>> guarded_by;
    for (const Cube& cube : passing.cubes()) {
        if (!is_for(cube, atoms, host)) continue;
        const std::string token = token_of(cube, atoms);
        const Conditions conditions = conditions_of(cube, atoms, token);
        const std::string whole = readable(name + (conditions.on_request.empty() ? "" : ", " + conditions.on_request));
        if (!conditions.opaque.empty()) {
            out.push_back(opaque(whole, readable(conditions.opaque), at));
        } else if (token.empty() && !conditions.unknown.empty()) {
            out.push_back(opaque(whole,
                                 readable("whether it asks for a token hangs on a condition that is not modelled: " +
                                          conditions.unknown),
                                 at));
        } else if (token.empty() && !conditions.credential.empty()) {
            out.push_back(opaque(whole,
                                 readable("no token is asked for under a condition that not every request meets: " +
                                          conditions.credential),
                                 at));
        } else if (token.empty()) {
            out.push_back(gateway::open(whole, "no rule refuses a request without a token that is verified", at));
        } else {
            const auto [found, made] = guarded_by.try_emplace(whole);
            if (made) order.push_back(whole);
            for (Node& path : paths_of(cube, atoms, token, at)) found->second.push_back(std::move(path));
        }
    }
    for (const std::string& whole : order) out.push_back(guarded(whole, std::move(guarded_by[whole]), at));
}

} // namespace jwtdomain::gateway::haproxy
