#include "jwtdomain/accept/claims.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace jwtdomain::accept {
namespace {

constexpr Time kFar = Time{1} << 60;

// Findings of one token are bounded, and so is each: a long list in a claim must not keep us busy.
constexpr std::size_t kMaxFindings = 64;
constexpr std::size_t kMaxListed = 16;
constexpr std::size_t kMaxQuoted = 512;

bool full(const std::vector<Finding>& findings) { return findings.size() >= kMaxFindings; }

void add(std::vector<Finding>& findings, Reason reason, std::string detail = {}) {
    if (full(findings)) return;
    const bool known = std::any_of(findings.begin(), findings.end(),
                                   [&](const Finding& f) { return f.reason == reason && f.detail == detail; });
    if (!known) findings.push_back({reason, std::move(detail)});
}

std::string quoted(std::string_view text) {
    if (text.size() <= kMaxQuoted) return "\"" + std::string(text) + "\"";
    std::size_t end = kMaxQuoted;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end; // not within a character
    return "\"" + std::string(text.substr(0, end)) + "...\"";
}

template <class List> std::string listed_values(const List& values) {
    std::string out;
    std::size_t count = 0;
    for (const std::string_view value : values) {
        if (++count > kMaxListed) return out + " and " + std::to_string(values.size() - kMaxListed) + " more";
        out += (out.empty() ? "" : ", ") + quoted(value);
    }
    return out;
}

std::string listed(const std::vector<std::string>& values) { return listed_values(values); }

std::string listed(const Strings& values) {
    if (values.any) return "any";
    std::string out = listed(values.exact);
    for (const Pattern& pattern : values.patterns)
        out += (out.empty() ? "a pattern " : ", a pattern ") + quoted(pattern.text);
    return out.empty() ? "none" : out;
}

std::string_view without_slash(std::string_view text) {
    if (!text.empty() && text.back() == '/') text.remove_suffix(1);
    return text;
}

std::string_view normalised(std::string_view text, AudienceComparison comparison) {
    switch (comparison) {
    case AudienceComparison::exact: return text;
    case AudienceComparison::without_slash: return without_slash(text);
    case AudienceComparison::without_scheme_and_slash:
        for (const std::string_view scheme : {std::string_view("https://"), std::string_view("http://")}) {
            if (text.substr(0, scheme.size()) == scheme) {
                text.remove_prefix(scheme.size());
                break;
            }
        }
        return without_slash(text);
    }
    return text;
}

bool same_audience(std::string_view a, std::string_view b, AudienceComparison comparison) {
    return normalised(a, comparison) == normalised(b, comparison);
}

bool in_audiences(const Strings& set, std::string_view value, AudienceComparison comparison) {
    if (comparison == AudienceComparison::exact) return set.contains(value);
    return set.any ||
           std::any_of(set.exact.begin(), set.exact.end(),
                       [&](const std::string& s) { return same_audience(s, value, comparison); }) ||
           set.contains(value);
}

std::string path_text(const std::vector<std::string>& path) {
    std::string out;
    for (const std::string& name : path) out += (out.empty() ? "" : "/") + name;
    return out;
}

Reason missing(const ClaimRule& rule) {
    switch (rule.role) {
    case ClaimRule::Role::domain: return Reason::domain_missing;
    case ClaimRule::Role::scope: return Reason::scope_missing;
    case ClaimRule::Role::plain:
    case ClaimRule::Role::required: break;
    }
    if (rule.path.size() != 1) return Reason::claim_missing;
    const std::string& name = rule.path.front();
    if (name == "iss") return Reason::iss_missing;
    if (name == "aud") return Reason::aud_missing;
    if (name == "exp") return Reason::exp_missing;
    if (name == "iat") return Reason::iat_missing;
    return Reason::claim_missing;
}

Reason malformed(const ClaimRule& rule) {
    switch (rule.role) {
    case ClaimRule::Role::domain: return Reason::domain_malformed;
    case ClaimRule::Role::scope: return Reason::scope_malformed;
    case ClaimRule::Role::plain:
    case ClaimRule::Role::required: return Reason::claim_malformed;
    }
    return Reason::claim_malformed;
}

Reason mismatch(const ClaimRule& rule) {
    switch (rule.role) {
    case ClaimRule::Role::domain: return Reason::domain_mismatch;
    case ClaimRule::Role::scope: return rule.test == ClaimTest::all_in ? Reason::scope_foreign : Reason::scope_missing;
    case ClaimRule::Role::plain:
    case ClaimRule::Role::required: return Reason::claim_mismatch;
    }
    return Reason::claim_mismatch;
}

// The members of a list or of space-separated words; false if it is neither.
bool members_of(json::Value value, ClaimShape shape, std::vector<std::string_view>& out) {
    if (value.is(json::Kind::array)) {
        for (const json::Member& element : value) {
            if (!element.value.is(json::Kind::string)) return false;
            out.push_back(element.value.text());
        }
        return true;
    }
    if (!value.is(json::Kind::string)) return false;
    if (shape == ClaimShape::list) {
        out.push_back(value.text());
        return true;
    }
    std::string_view rest = value.text();
    while (!rest.empty()) {
        const std::size_t space = std::min(rest.find(' '), rest.size());
        if (space > 0) out.push_back(rest.substr(0, space));
        rest.remove_prefix(std::min(space + 1, rest.size()));
    }
    return true;
}

void check_scalar(const ClaimRule& rule, json::Value value, std::vector<Finding>& findings) {
    const std::string name = path_text(rule.path);
    std::string_view text = value.text();
    if (value.is(json::Kind::boolean)) text = value.boolean() ? "true" : "false";
    const bool must_be_string = rule.role == ClaimRule::Role::domain;
    const bool scalar = value.is(json::Kind::string) ||
                        (!must_be_string && (value.is(json::Kind::number) || value.is(json::Kind::boolean)));
    if (!scalar) return add(findings, malformed(rule), name + " is not a string");
    if (!rule.values.contains(text)) {
        add(findings, mismatch(rule), name + " is " + quoted(text) + ", not " + listed(rule.values));
    }
}

void check_members(const ClaimRule& rule, json::Value value, std::vector<Finding>& findings) {
    const std::string name = path_text(rule.path);
    std::vector<std::string_view> members;
    if (!members_of(value, rule.shape, members)) {
        return add(findings, malformed(rule), name + " is neither a string nor an array of strings");
    }
    const auto has = [&](std::string_view wanted) {
        return std::find(members.begin(), members.end(), wanted) != members.end();
    };
    if (rule.test == ClaimTest::has_all) {
        for (const std::string& wanted : rule.values.exact) {
            if (!has(wanted)) add(findings, mismatch(rule), name + " lacks " + quoted(wanted));
        }
    } else if (rule.test == ClaimTest::has_any) {
        if (std::none_of(members.begin(), members.end(), [&](std::string_view m) { return rule.values.contains(m); })) {
            add(findings, mismatch(rule), name + " has none of " + listed(rule.values));
        }
    } else {
        for (const std::string_view member : members) {
            if (full(findings)) return;
            if (!rule.values.contains(member))
                add(findings, mismatch(rule),
                    name + " has " + quoted(member) + ", which is not among " + listed(rule.values));
        }
    }
}

// A name of three letters as one number.
constexpr std::uint32_t word(std::string_view name) {
    std::uint32_t all = 0;
    for (const char c : name) all = (all << 8) | static_cast<unsigned char>(c);
    return all;
}

std::optional<json::Value>* slot_of(RegisteredClaims& claims, std::string_view name) {
    switch (word(name)) {
    case word("iss"): return &claims.iss;
    case word("sub"): return &claims.sub;
    case word("aud"): return &claims.aud;
    case word("exp"): return &claims.exp;
    case word("nbf"): return &claims.nbf;
    case word("iat"): return &claims.iat;
    case word("jti"): return &claims.jti;
    default: return nullptr; // a number, not an enumeration
    }
}

bool allows(const IssuerRule& rule, std::string_view issuer) {
    return rule.allowed.contains(issuer) &&
           std::find(rule.except.begin(), rule.except.end(), issuer) == rule.except.end();
}

} // namespace

std::vector<std::string> audience_variants(std::string_view audience, AudienceComparison comparison) {
    const std::string_view core = normalised(audience, comparison);
    std::vector<std::string> out;
    for (const std::string_view scheme :
         {std::string_view(), std::string_view("https://"), std::string_view("http://")}) {
        for (const std::string_view end : {std::string_view(), std::string_view("/")}) {
            std::string text = std::string(scheme) + std::string(core) + std::string(end);
            if (same_audience(text, audience, comparison) && std::find(out.begin(), out.end(), text) == out.end())
                out.push_back(std::move(text));
        }
    }
    return out;
}

bool same_in_any_case(std::string_view text, std::string_view name) {
    constexpr std::string_view kLongS = "\xc5\xbf";
    constexpr auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (const char wanted : name) {
        if (lower(wanted) == 's' && text.starts_with(kLongS)) {
            text.remove_prefix(kLongS.size());
            continue;
        }
        if (text.empty() || lower(text.front()) != lower(wanted)) return false;
        text.remove_prefix(1);
    }
    return text.empty();
}

RegisteredClaims find_registered(json::Value claims, const std::vector<std::string>& any_case) {
    RegisteredClaims found;
    for (const json::Member& member : claims) {
        if (member.name.size() != 3) continue;
        std::optional<json::Value>* const slot = slot_of(found, member.name);
        if (!slot) continue;
        // The dialect of duplicates is find()'s business; here it only matters that the names are there.
        *slot = slot->has_value() ? claims.find(member.name) : std::optional(member.value);
    }
    for (const std::string& name : any_case) {
        std::optional<json::Value>* const slot = slot_of(found, name);
        for (const json::Member& member : claims) {
            if (slot && same_in_any_case(member.name, name)) *slot = member.value;
        }
    }
    return found;
}

std::optional<json::Value> find_claim(json::Value claims, const std::vector<std::string>& path) {
    std::optional<json::Value> at = claims;
    for (const std::string& name : path) {
        if (!at) return std::nullopt;
        at = at->find(name);
    }
    return at;
}

std::optional<Time> numeric_date(json::Value value, bool up) {
    if (!value.is(json::Kind::number)) return std::nullopt;
    if (const auto integer = value.integer()) return std::clamp(*integer, -kFar, kFar);
    const auto real = value.number();
    if (!real) { // beyond the range of double
        const std::string_view text = value.text();
        const bool tiny = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
        if (tiny) return up ? 1 : 0;
        return text.front() == '-' ? -kFar : kFar;
    }
    const double rounded = up ? std::ceil(*real) : std::floor(*real);
    if (rounded >= static_cast<double>(kFar)) return kFar;
    if (rounded <= -static_cast<double>(kFar)) return -kFar;
    return static_cast<Time>(rounded);
}

void check_issuer(const IssuerRule& rule, const Dialect& dialect, const RegisteredClaims& registered,
                  std::vector<Finding>& findings) {
    if (!registered.iss) {
        if (!rule.absent_ok) add(findings, Reason::iss_missing);
        return;
    }
    const json::Value iss = *registered.iss;
    if (iss.is(json::Kind::array) && dialect.issuer_array_ok) {
        if (rule.allowed.any && rule.except.empty()) return; // it is not looked at
        for (const json::Member& element : iss) {
            if (element.value.is(json::Kind::string) && allows(rule, element.value.text())) return;
        }
        return add(findings, Reason::iss_mismatch, "no element of iss is " + listed(rule.allowed));
    }
    if (!iss.is(json::Kind::string)) {
        if (!rule.allowed.any || !dialect.issuer_array_ok) add(findings, Reason::iss_malformed);
        return;
    }
    if (!allows(rule, iss.text())) {
        add(findings, Reason::iss_mismatch, "iss is " + quoted(iss.text()) + ", not " + listed(rule.allowed));
    }
}

void check_audience(const AudienceRule& rule, const RegisteredClaims& registered, json::Value claims,
                    std::vector<Finding>& findings) {
    if (rule.any) return;
    std::optional<json::Value> aud = registered.aud;
    std::string name = "aud";
    for (std::size_t i = 0; !aud && i < rule.fallback_claims.size(); ++i) {
        name = rule.fallback_claims[i];
        aud = claims.find(name);
    }
    if (rule.must_be_absent) {
        if (aud)
            add(findings, Reason::aud_mismatch, "aud is present, where this verifier takes only tokens without it");
        return;
    }
    if (!aud) {
        if (!rule.absent_ok) add(findings, Reason::aud_missing);
        return;
    }
    std::vector<std::string_view> members;
    const std::string_view single = aud->text();
    std::span<const std::string_view> values(&single, 1);
    if (!aud->is(json::Kind::string)) {
        if (aud->is(json::Kind::array) && rule.string_only)
            return add(findings, Reason::aud_malformed, name + " is an array");
        if (!members_of(*aud, ClaimShape::list, members))
            return add(findings, Reason::aud_malformed, name + " is neither a string nor an array of strings");
        values = members;
    }
    if (values.empty() || (values.size() == 1 && values.front().empty())) {
        if (!rule.empty_ok) add(findings, Reason::aud_empty);
        return;
    }
    const auto is_ours = [&](std::string_view v) { return in_audiences(rule.any_of, v, rule.comparison); };
    if (!rule.any_of.empty() && std::none_of(values.begin(), values.end(), is_ours)) {
        return add(findings, Reason::aud_mismatch,
                   name + " is " + listed_values(values) + ", not " + listed(rule.any_of));
    }
    const auto same = [&](std::string_view a, std::string_view b) { return same_audience(a, b, rule.comparison); };
    for (const std::string& wanted : rule.all_of) {
        if (std::none_of(values.begin(), values.end(), [&](std::string_view v) { return same(v, wanted); })) {
            add(findings, Reason::aud_mismatch, name + " lacks " + quoted(wanted));
        }
    }
    if (!rule.subset_of) return;
    for (const std::string_view value : values) {
        if (full(findings)) return;
        const bool known = std::any_of(rule.subset_of->begin(), rule.subset_of->end(),
                                       [&](const std::string& s) { return same(s, value); });
        if (!known) add(findings, Reason::aud_foreign, name + " also has " + quoted(value));
    }
}

namespace {

// Cut off to whole seconds an exp of less than one is 0, on both sides of it.
bool is_zero(const json::Value& exp) {
    const Time never = 1;
    return numeric_date(exp).value_or(never) == 0 || numeric_date(exp, true).value_or(never) == 0;
}

// Is there an exp, as far as the rule takes what is written there for one?
bool has_expiry(const TimeRule& rule, const std::optional<json::Value>& exp) {
    if (!exp) return false;
    if (rule.malformed_absent && !numeric_date(*exp)) return false;
    return !(rule.zero_expiry_absent && is_zero(*exp));
}

} // namespace

void check_time(const TimeRule& rule, const RegisteredClaims& registered, Time now, std::vector<Finding>& findings) {
    std::optional<Time> expires, starts, issued;
    if (has_expiry(rule, registered.exp)) {
        expires = numeric_date(*registered.exp);
        const bool needed = rule.expiry != Presence::unchecked || rule.longest_life;
        if (!expires && needed) add(findings, Reason::exp_malformed);
    } else if (rule.expiry == Presence::required || rule.longest_life) {
        add(findings, Reason::exp_missing);
    }
    if (registered.nbf) {
        starts = numeric_date(*registered.nbf, true);
        if (!starts && rule.not_before && !rule.malformed_absent) add(findings, Reason::nbf_malformed);
    }
    if (registered.iat) {
        issued = numeric_date(*registered.iat, true);
        if (!issued && (rule.issued_at || rule.longest_life) && !rule.malformed_absent)
            add(findings, Reason::iat_malformed);
    }
    if (expires && rule.expiry != Presence::unchecked) {
        if (*expires <= 0) {
            if (!rule.negative_expiry_ok) add(findings, Reason::exp_negative, "exp is " + std::to_string(*expires));
        } else if (now >= *expires + rule.leeway) {
            add(findings, Reason::expired, "exp is " + format_time(*expires) + ", " + format_relative(*expires, now));
        }
        if (rule.longest_remaining && *expires - now > *rule.longest_remaining) {
            add(findings, Reason::lifetime_exceeded,
                "more than " + format_duration(*rule.longest_remaining) + " are left");
        }
    }
    if (starts && rule.not_before && now < *starts - rule.leeway) {
        add(findings, Reason::not_yet_valid, "nbf is " + format_time(*starts) + ", " + format_relative(*starts, now));
    }
    if (issued && rule.issued_at && *issued - rule.leeway > now) {
        add(findings, Reason::iat_future, "iat is " + format_time(*issued) + ", " + format_relative(*issued, now));
    }
    if (rule.longest_life && expires) {
        const std::optional<Time> start = issued ? issued : starts;
        if (!start) {
            if (!registered.iat || rule.malformed_absent) add(findings, Reason::iat_missing);
        } else if (*expires < *start) {
            add(findings, Reason::lifetime_negative);
        } else if (*expires - *start > *rule.longest_life) {
            add(findings, Reason::lifetime_exceeded,
                "it lives " + format_duration(*expires - *start) + ", at most " + format_duration(*rule.longest_life) +
                    " are allowed");
        }
    }
    if (rule.path_ends && now >= *rule.path_ends)
        add(findings, Reason::trust_expired, "it ended " + format_relative(*rule.path_ends, now));
}

void check_claim(const ClaimRule& rule, json::Value claims, std::vector<Finding>& findings) {
    const std::optional<json::Value> value = find_claim(claims, rule.path);
    if (!value || value->is(json::Kind::null)) {
        if (rule.test != ClaimTest::absent && !rule.absent_ok) {
            const Reason reason = missing(rule);
            const bool named =
                reason == Reason::claim_missing || reason == Reason::domain_missing || reason == Reason::scope_missing;
            std::string detail = named ? path_text(rule.path) : std::string{};
            if (reason == Reason::scope_missing && !rule.values.exact.empty())
                detail += " lacks " + listed(rule.values.exact);
            add(findings, reason, std::move(detail));
        }
        return;
    }
    if (rule.test == ClaimTest::present) return;
    if (rule.test == ClaimTest::absent) {
        return add(findings, Reason::claim_mismatch, path_text(rule.path) + " must be absent");
    }
    if (rule.test == ClaimTest::in) return check_scalar(rule, *value, findings);
    check_members(rule, *value, findings);
}

} // namespace jwtdomain::accept
