#include "jwtdomain/policy/issuance_claims.h"

#include <algorithm>
#include <array>

#include "jwtdomain/accept/claims.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/base/suggest.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::policy::issuance {
namespace {

constexpr std::size_t kListed = 8;

struct FixedClaim {
    std::string_view name, instead;
};
constexpr std::array kFixed{
    FixedClaim{"iss", "the domain's issuer is always taken"},
    FixedClaim{"sub", "use --subject"},
    FixedClaim{"aud", "use --audience"},
    FixedClaim{"exp", "use --ttl"},
    FixedClaim{"nbf", "use --not-before"},
    FixedClaim{"iat", "it is the time of issuing; --time sets the clock"},
    FixedClaim{"jti", "a random one is made for each token"},
    FixedClaim{"client_id", "use --client"},
};

// Why a claim may not be given freely; empty if it may.
std::string instead_of(const Domain& domain, std::string_view name) {
    for (const FixedClaim& fixed : kFixed) {
        if (fixed.name == name) return std::string(fixed.instead);
    }
    if (!domain.domain_claim.empty() && claim_path(domain.domain_claim).front() == name) {
        return "it carries the domain, which is " + quoted(domain.domain_value);
    }
    if (!domain.scope_claim.empty() && claim_path(domain.scope_claim).front() == name) return "use --scope";
    return {};
}

// Every text that the value says: itself, or its elements. False for what cannot be held against a list.
bool texts_of(json::Value value, std::vector<std::string>& out) {
    switch (value.kind()) {
    case json::Kind::string: out.emplace_back(value.text()); return true;
    case json::Kind::number: out.emplace_back(value.raw()); return true;
    case json::Kind::boolean: out.emplace_back(value.boolean() ? "true" : "false"); return true;
    case json::Kind::array:
        for (const json::Member& element : value) { // NOLINT(readability-use-anyofallof): its iterator is none of std's
            if (element.value.is(json::Kind::array) || !texts_of(element.value, out)) return false;
        }
        return true;
    case json::Kind::null:
    case json::Kind::object: return false;
    }
    return false;
}

// Against the values that the policy lists for the claim of that name.
Status check_listed(const Domain& domain, const std::string& name, const Allowed& allowed, json::Value value) {
    if (allowed.kind == Allowed::Kind::any) return {};
    std::vector<std::string> texts;
    const bool comparable = texts_of(value, texts);
    for (const std::string& text : texts) {
        const auto& list = allowed.values;
        if (std::find(list.begin(), list.end(), text) != list.end()) continue;
        return fail(Fault::usage, "the claim " + quoted(name) + " may not be " + quoted(text) + " in " + domain.name,
                    "allowed: " + listed(list));
    }
    if (comparable && !texts.empty()) return {};
    return fail(Fault::usage,
                "the claim " + quoted(name) + " must be one of the values of the policy, or a list of them",
                "allowed: " + listed(allowed.values));
}

using Inner = std::vector<std::pair<std::vector<std::string>, const Allowed*>>; // claims inside, with their paths

// Each claim inside `value`, which is at `path`, against what the policy lists for it; `open`: others may be there.
Status check_inside(const Domain& domain, const Inner& inner, bool open, std::vector<std::string>& path,
                    json::Value value) {
    bool further = false;
    for (const auto& [listed_path, allowed] : inner) {
        const bool itself = listed_path == path;
        if (itself && allowed->kind == Allowed::Kind::list)
            return check_listed(domain, format_claim_path(path), *allowed, value);
        open = open || itself; // anything, but for what is listed inside
        further = further || is_inside(listed_path, path);
    }
    if (!further || !value.is(json::Kind::object)) {
        if (open) return {};
        return fail(Fault::usage, "the claim " + quoted(format_claim_path(path)) + " is not among what " + domain.name +
                                      " may issue");
    }
    for (const json::Member& member : value) {
        path.emplace_back(member.name);
        const Status good = check_inside(domain, inner, open, path, member.value);
        path.pop_back();
        if (!good) return good;
    }
    return {};
}

Status check_value(const Domain& domain, const RawMember& claim, json::Value value) {
    const auto bound = domain.issue.claims.find(format_claim_path({claim.name}));
    Inner inner;
    for (const auto& [name, allowed] : domain.issue.claims) {
        std::vector<std::string> path = claim_path(name);
        if (path.size() > 1 && path.front() == claim.name) inner.emplace_back(std::move(path), &allowed);
    }
    const bool listed_itself = bound != domain.issue.claims.end();
    if (!inner.empty() && (!listed_itself || bound->second.kind == Allowed::Kind::any)) {
        std::vector<std::string> path{claim.name};
        return check_inside(domain, inner, listed_itself || domain.issue.other_claims, path, value);
    }
    if (bound == domain.issue.claims.end()) {
        if (domain.issue.other_claims) return {};
        std::vector<std::string> names;
        for (const auto& [name, allowed] : domain.issue.claims) names.push_back(name);
        return fail(Fault::usage,
                    "the claim " + quoted(claim.name) + " is not among what " + domain.name + " may issue",
                    did_you_mean(claim.name, names) + "allowed: " + listed(names));
    }
    return check_listed(domain, claim.name, bound->second, value);
}

std::string option_for(const std::vector<std::string>& path) {
    const std::string& name = path.front();
    if (name == "cnf") return "add --dpop-key FILE, with the key of the client";
    if (path.size() > 1) return "add --claim '" + name + ":={...}'";
    if (name == "sub") return "add --subject";
    if (name == "nbf") return "add --not-before";
    if (name == "client_id") return "add --client";
    return "add --claim " + name + "=...";
}

} // namespace

std::string quoted(std::string_view text) { return "\"" + escape_text(text, 100) + "\""; }

std::string listed(const std::vector<std::string>& values) {
    if (values.empty()) return "none";
    std::string out;
    for (std::size_t i = 0; i < values.size() && i < kListed; ++i)
        out += (i == 0 ? "" : ", ") + escape_text(values[i], 100);
    if (values.size() > kListed) out += " and " + std::to_string(values.size() - kListed) + " more";
    return out;
}

std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string join_words(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

std::string one_or_list(const std::vector<std::string>& values) {
    if (values.size() == 1) return json::quote(values.front());
    std::string out = "[";
    for (const std::string& value : values) {
        if (out.size() > 1) out += ',';
        json::append_string(out, value);
    }
    return out + "]";
}

std::vector<std::string> claim_path(const std::string& text) {
    return parse_claim_path(text).value_or(std::vector<std::string>{text});
}

std::vector<RawMember> nest(std::vector<Placed> placed) {
    std::vector<RawMember> out;
    if (std::all_of(placed.begin(), placed.end(), [](const Placed& p) { return p.path.size() == 1; })) { // as most are
        out.reserve(placed.size());
        for (Placed& each : placed) out.push_back({std::move(each.path.front()), std::move(each.json)});
        return out;
    }
    while (!placed.empty()) {
        Placed first = std::move(placed.front());
        placed.erase(placed.begin());
        const std::string name = first.path.front();
        if (first.path.size() == 1) {
            out.push_back({name, std::move(first.json)});
            continue;
        }
        std::vector<Placed> inner;
        first.path.erase(first.path.begin());
        inner.push_back(std::move(first));
        for (auto other = placed.begin(); other != placed.end();) {
            if (other->path.size() < 2 || other->path.front() != name) {
                ++other;
                continue;
            }
            other->path.erase(other->path.begin());
            inner.push_back(std::move(*other));
            other = placed.erase(other);
        }
        std::string text;
        json::ObjectWriter writer(text);
        for (const RawMember& member : nest(std::move(inner))) writer.raw(member.name, member.json);
        writer.close();
        out.push_back({name, std::move(text)});
    }
    return out;
}

Status check_claims(const Domain& domain, const std::vector<RawMember>& claims) {
    json::Document document;
    for (const RawMember& claim : claims) {
        if (claim.name.empty()) return fail(Fault::usage, "a claim without a name");
        if (find_invalid_utf8(claim.name) != std::string_view::npos)
            return fail(Fault::usage, "the name of a claim is not UTF-8");
        if (const std::string instead = instead_of(domain, claim.name); !instead.empty()) {
            return fail(Fault::usage, "the claim " + quoted(claim.name) + " is fixed by the policy of " + domain.name,
                        instead);
        }
        for (const RawMember& other : claims) {
            if (&other == &claim) break;
            if (other.name == claim.name)
                return fail(Fault::usage, "the claim " + quoted(claim.name) + " is given twice");
        }
        if (const json::Problem problem = document.parse(claim.json)) {
            return fail(Fault::usage, "the value of the claim " + quoted(claim.name) +
                                          " is not strict JSON: expected " + problem.expected);
        }
        if (const Status good = check_value(domain, claim, document.root()); !good) return good;
    }
    return {};
}

void add_fixed_matches(const Domain& domain, const std::vector<RawMember>& given, std::vector<Placed>& placed) {
    for (const accept::ClaimRule& rule : domain.match) {
        const bool one = rule.test == accept::ClaimTest::in && rule.values.patterns.empty() && !rule.values.any &&
                         rule.values.exact.size() == 1;
        if (!one || rule.absent_ok || rule.path.empty()) continue;
        const auto names_it = [&](const std::string& name) { return name == rule.path.front(); };
        if (std::any_of(given.begin(), given.end(), [&](const RawMember& m) { return names_it(m.name); })) continue;
        if (std::any_of(placed.begin(), placed.end(), [&](const Placed& p) { return p.path == rule.path; })) continue;
        placed.push_back({rule.path, json::quote(rule.values.exact.front())});
    }
}

Status check_required(const Domain& domain, json::Value claims) {
    std::vector<std::vector<std::string>> paths;
    for (const std::string& name : domain.required) {
        // Whether these may be absent is said by issuer_optional and audience_optional, as lower() reads it.
        if (name != "iss" && name != "aud") paths.push_back(claim_path(name));
    }
    if (domain.sender_constraint == SenderConstraint::dpop) paths.push_back({"cnf", "jkt"});
    std::vector<Finding> findings;
    for (const std::vector<std::string>& path : paths) {
        accept::ClaimRule rule;
        rule.path = path;
        accept::check_claim(rule, claims, findings);
        if (!findings.empty()) {
            return fail(Fault::usage,
                        "tokens of " + domain.name + " must have the claim " + quoted(format_claim_path(path)),
                        option_for(path));
        }
    }
    for (const accept::ClaimRule& rule : domain.match) {
        accept::check_claim(rule, claims, findings);
        if (!findings.empty()) {
            return fail(Fault::usage,
                        domain.name + " would not accept the token: the claim " + quoted(format_claim_path(rule.path)) +
                            " does not match its policy" +
                            (findings.front().detail.empty() ? "" : " (" + findings.front().detail + ")"),
                        option_for(rule.path));
        }
    }
    return {};
}

} // namespace jwtdomain::policy::issuance
