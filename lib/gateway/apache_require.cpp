#include "jwtdomain/gateway/apache_require.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/apache_text.h"

namespace jwtdomain::gateway::apache {
namespace {

constexpr std::size_t kMostWays = 256; // alternatives within alternatives multiply
constexpr std::string_view kTooMany = "its requirements come to more than 256 alternatives";

// Those that ask who the user is, and in some way of their own whether that suffices.
constexpr std::array<std::string_view, 10> kOfUser{
    "group",   "dbm-group",      "dbd-group",   "ldap-user",  "ldap-group",
    "ldap-dn", "ldap-attribute", "ldap-filter", "file-owner", "file-group",
};

// Those that ask for something else: whoever fulfils it needs no token.
constexpr std::array<std::string_view, 8> kElsewhere{
    "ip", "host", "local", "forward-dns", "env", "method", "expr", "ssl",
};

template <class List> bool is_among(const List& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

// What httpd computes: granted, denied, or neither.
struct Value {
    bool neutral = false;
    std::vector<Way> ways = {}; // none: denied
    std::vector<std::string> notes = {};
    std::string unknown = {};
};

std::string written(const Requirement& leaf) {
    return "Require " + std::string(leaf.negated ? "not " : "") + leaf.provider + (leaf.args.empty() ? "" : " ") +
           leaf.args;
}

// mod_auth_openidc and mod_oauth2: one of the words.
Value of_claims(const Requirement& leaf) {
    Value out;
    for (std::string& word : words(leaf.args))
        out.ways.push_back({.with_token = true, .tests = {{.text = std::move(word), .mark = leaf.mark}}});
    return out;
}

Value of_users(const Requirement& leaf) {
    Value out;
    for (std::string& word : words(leaf.args))
        out.ways.push_back({.with_token = true, .tests = {{.user = true, .text = std::move(word), .mark = leaf.mark}}});
    return out;
}

Value of_leaf(const Requirement& leaf) {
    const std::string& name = leaf.provider;
    if (name == "all") {
        const std::string what = lower_case(leaf.args);
        if (what == "granted") return {.ways = {Way{}}};
        if (what == "denied") return {};
        return {.unknown = written(leaf) + " is not known here"};
    }
    if (name == "valid-user") return {.ways = {{.with_token = true}}};
    if (name == "user") return of_users(leaf);
    if (name == "claim" || name == "oauth2_claim") return of_claims(leaf);
    if (name == "claims_expr" || is_among(kOfUser, name))
        return {.ways = {{.with_token = true, .dropped = {written(leaf)}}}};
    if (is_among(kElsewhere, name)) return {.ways = {{.elsewhere = written(leaf)}}};
    return {.unknown = "who passes by " + written(leaf) + " is not known here"};
}

void join(Way& to, const Way& from) {
    to.with_token = to.with_token || from.with_token;
    to.tests.insert(to.tests.end(), from.tests.begin(), from.tests.end());
    to.dropped.insert(to.dropped.end(), from.dropped.begin(), from.dropped.end());
    if (to.elsewhere.empty()) to.elsewhere = from.elsewhere;
}

void both(Value& to, const Value& from) {
    if (to.neutral) {
        to.neutral = false;
        to.ways = from.ways;
        return;
    }
    if (to.ways.size() * from.ways.size() > kMostWays) {
        to.unknown = kTooMany;
        return;
    }
    std::vector<Way> ways;
    for (const Way& one : to.ways) {
        for (const Way& other : from.ways) {
            ways.push_back(one);
            join(ways.back(), other);
        }
    }
    to.ways = std::move(ways);
}

void either(Value& to, const Value& from) {
    to.neutral = false;
    to.ways.insert(to.ways.end(), from.ways.begin(), from.ways.end());
    if (to.ways.size() > kMostWays) to.unknown = kTooMany;
}

bool is_limited_to(const Requirement& requirement, const std::string& method) {
    if (requirement.kind == Requirement::Kind::leaf) return requirement.methods.has(method);
    return std::any_of(requirement.inner.begin(), requirement.inner.end(),
                       [&](const Requirement& each) { return is_limited_to(each, method); });
}

// What is denied is not taken away from what else lets pass: it is noted as left out, unless it is everything.
void negate(const Requirement& requirement, Value& value) {
    const bool all = std::any_of(value.ways.begin(), value.ways.end(), [](const Way& way) {
        return !way.with_token && way.elsewhere.empty() && way.dropped.empty();
    });
    if (all && value.unknown.empty()) {
        value = {};
        return;
    }
    const bool something = !value.ways.empty() || !value.unknown.empty();
    value = {.neutral = true};
    if (something)
        value.notes.push_back(requirement.kind == Requirement::Kind::leaf ? written(requirement) : "<RequireNone>");
}

// What must hold besides what is known only narrows it.
void leave_out_unknown(const Requirement& requirement, Value& value) {
    if (value.unknown.empty() || requirement.kind != Requirement::Kind::all || value.neutral) return;
    if (value.unknown == kTooMany) return;
    value.notes.push_back(std::move(value.unknown));
    value.unknown.clear();
}

Value value_of(const Requirement& requirement, const std::string& method, Requirement::Kind around) {
    using Kind = Requirement::Kind;
    if (!is_limited_to(requirement, method)) {
        if (around == Kind::all) return {.ways = {Way{}}};
        return {.neutral = true};
    }
    Value out{.neutral = true};
    if (requirement.kind == Kind::leaf) {
        out = of_leaf(requirement);
    } else {
        for (const Requirement& each : requirement.inner) {
            const Value value = value_of(each, method, requirement.kind);
            if (out.unknown.empty()) out.unknown = value.unknown;
            out.notes.insert(out.notes.end(), value.notes.begin(), value.notes.end());
            if (value.neutral || !value.unknown.empty()) continue;
            requirement.kind == Kind::all ? both(out, value) : either(out, value);
        }
        leave_out_unknown(requirement, out);
        if (!requirement.negated) {
            for (Way& way : out.ways) way.dropped.insert(way.dropped.end(), out.notes.begin(), out.notes.end());
            if (!out.neutral) out.notes.clear();
        }
    }
    if (requirement.negated) negate(requirement, out);
    return out;
}

} // namespace

Passing passing(const Requirement& requirement, const std::string& method) {
    Value value = value_of(requirement, method, Requirement::Kind::all);
    return {std::move(value.ways), std::move(value.unknown)};
}

void add_methods(const Requirement& requirement, std::set<std::string>& out) {
    out.insert(requirement.methods.names.begin(), requirement.methods.names.end());
    for (const Requirement& each : requirement.inner) add_methods(each, out);
}

} // namespace jwtdomain::gateway::apache
