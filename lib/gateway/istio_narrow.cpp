// As istiod writes it for Envoy's filter rbac, which looks at the payload of the token that jwt_authn has verified: the
// issuer and the subject of a principal are compared on their own, each a string; a claim is a string that matches or a
// list with a member that does; of "scope", "permission" and what spaceDelimitedClaims names, the words.
#include "jwtdomain/gateway/istio_narrow.h"

#include <algorithm>

#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/jwt_authn.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::istio {
namespace {

using document::Kind;
using Kinds = Match::Kind;

Match match_of(std::string_view value) {
    if (value == "*") return {};
    if (value.starts_with('*')) return {Kinds::suffix, std::string(value.substr(1))};
    if (value.ends_with('*')) return {Kinds::prefix, std::string(value.substr(0, value.size() - 1))};
    return {Kinds::exact, std::string(value)};
}

struct Principal {
    Match issuer, subject;
};

// Split at the last '/', since issuers are URLs. In "*/x" and "x/*" only the issuer or only the subject has a pattern:
// "*/*" is the subject "*" itself.
Principal principal_of(std::string_view value) {
    const std::size_t at = value.rfind('/');
    const bool split = at != value.npos;
    const std::string_view issuer = value.substr(0, at), subject = split ? value.substr(at + 1) : "";
    if (value == "*") return {};
    if (value.starts_with('*')) {
        if (!split) return {{}, match_of(value)};
        return {issuer == "*" ? Match{} : Match{Kinds::suffix, std::string(issuer.substr(1))},
                {Kinds::exact, std::string(subject)}};
    }
    if (value.ends_with('*')) {
        if (!split) return {match_of(value), {}};
        return {{Kinds::exact, std::string(issuer)}, match_of(subject)};
    }
    return {{Kinds::exact, std::string(issuer)}, {Kinds::exact, std::string(subject)}};
}

// Older versions compare "ISSUER/SUBJECT" as one text: a pattern may then end, or begin, in the issuer or in the
// subject, at whichever '/' the one ends and the other begins.
void add_as_one_text(std::string_view value, std::vector<Principal>& out) {
    if (value == "*" || (!value.starts_with('*') && !value.ends_with('*'))) return;
    const bool ends = value.starts_with('*');
    const std::string_view text = ends ? value.substr(1) : value.substr(0, value.size() - 1);
    if (ends)
        out.push_back({{}, {Kinds::suffix, std::string(text)}});
    else
        out.push_back({{Kinds::prefix, std::string(text)}, {}});
    for (std::size_t at = text.find('/'); at != text.npos; at = text.find('/', at + 1)) {
        const std::string issuer(text.substr(0, at)), subject(text.substr(at + 1));
        if (ends)
            out.push_back({{Kinds::suffix, issuer}, {Kinds::exact, subject}});
        else
            out.push_back({{Kinds::exact, issuer}, subject.empty() ? Match{} : Match{Kinds::prefix, subject}});
    }
}

// What is put in later may be anything but nothing.
std::vector<std::string> values_of(const Node& list, bool& known) {
    std::vector<std::string> out;
    known = !is_unresolved(list);
    if (!known) return {"*"};
    for (const Node& each : list.elements) {
        known = known && !is_unresolved(each);
        out.push_back(is_unresolved(each) ? "*" : text_of(&each));
    }
    return out;
}

const Node* issuer_of(const Draft& draft) {
    const Node* const issuer = draft.rule->find("issuer");
    return issuer == nullptr || is_unresolved(*issuer) || text_of(issuer).empty() ? nullptr : issuer;
}

void drop(Draft& draft, const Condition& condition, const std::string& why) {
    draft.dropped.push_back(text(condition.name + ": " + why, condition.mark));
}

bool takes(const std::vector<Match>& matches, std::string_view value) {
    return std::any_of(matches.begin(), matches.end(), [&](const Match& match) { return match.takes(value); });
}

bool all_exact(const std::vector<Match>& matches) {
    return std::all_of(matches.begin(), matches.end(), [](const Match& match) { return match.kind == Kinds::exact; });
}

bool any_string(const std::vector<Match>& matches) {
    return std::any_of(matches.begin(), matches.end(), [](const Match& match) { return match.kind == Kinds::some; });
}

std::vector<Match> those_in(const std::vector<Match>& exact, const std::vector<Match>& others) {
    std::vector<Match> out;
    for (const Match& each : exact) {
        if (takes(others, each.text)) out.push_back(each);
    }
    return out;
}

// False: nothing is left.
bool narrow_subject(Draft& draft, const std::vector<Match>& subjects, const Condition& condition) {
    draft.asked = condition.mark;
    std::vector<Match>& now = draft.subject;
    if (now.empty())
        now = subjects;
    else if (all_exact(subjects))
        now = those_in(subjects, now);
    else if (all_exact(now))
        now = those_in(now, subjects);
    else if (any_string(now))
        now = subjects;
    else if (!any_string(subjects))
        drop(draft, condition, "a second pattern of sub");
    return !now.empty();
}

void add_once(std::vector<Match>& out, const Match& match) {
    if (std::find(out.begin(), out.end(), match) == out.end()) out.push_back(match);
}

void narrow_principal(Draft draft, const std::vector<std::string>& values, const Condition& condition,
                      std::vector<Draft>& out) {
    const Node* const issuer = issuer_of(draft);
    std::vector<Match> issuers, subjects; // of the values that fit
    std::vector<Principal> all;
    for (const std::string& value : values) {
        all.push_back(principal_of(value));
        add_as_one_text(value, all);
    }
    const bool decided = issuer != nullptr || (!draft.issuer.empty() && all_exact(draft.issuer));
    const std::string known = issuer != nullptr ? text_of(issuer) : decided ? draft.issuer.front().text : "";
    for (const Principal& each : all) {
        if (decided && !each.issuer.takes(known)) continue;
        add_once(issuers, each.issuer);
        add_once(subjects, each.subject);
    }
    if (subjects.empty()) return;
    if (decided || !draft.issuer.empty()) {
        if (!decided) drop(draft, condition, "a second pattern of iss");
        if (narrow_subject(draft, subjects, condition)) out.push_back(std::move(draft));
        return;
    }
    for (const Match& each : issuers) {
        Draft one = draft;
        one.issuer = {each};
        std::vector<Match> of_it;
        for (const Principal& principal : all) {
            if (principal.issuer == each) add_once(of_it, principal.subject);
        }
        if (narrow_subject(one, of_it, condition)) out.push_back(std::move(one));
    }
}

void narrow_claim(Draft draft, const std::vector<std::string>& values, const Condition& condition,
                  std::vector<Draft>& out) {
    Draft::Claim claim{condition.claim, {}, condition.mark};
    for (const std::string& value : values) add_once(claim.values, match_of(value));
    if (const Node* const issuer = issuer_of(draft);
        issuer != nullptr && claim.path.size() == 1 && claim.path[0] == "iss") {
        if (takes(claim.values, text_of(issuer))) out.push_back(std::move(draft));
        return;
    }
    draft.claims.push_back(std::move(claim));
    out.push_back(std::move(draft));
}

Node member(const Match& match, Mark at) {
    if (match.kind == Kinds::exact && !match.text.empty()) return text(match.text, at);
    Node out = object(at);
    if (match.kind == Kinds::exact)
        put(out, "regex", text("^$", at)); // the normal form has no empty text
    else if (match.kind == Kinds::some)
        put(out, "glob", text("?*", at));
    else
        put(out, match.kind == Kinds::prefix ? "prefix" : "suffix", text(match.text, at));
    return out;
}

Node members(const std::vector<Match>& matches, Mark at) {
    std::vector<Node> out;
    for (const Match& match : matches) out.push_back(member(match, at));
    return list(std::move(out), at);
}

bool is_words(const Node& rule, const std::vector<std::string>& path) {
    if (path.size() != 1) return false;
    if (path[0] == "scope" || path[0] == "permission") return true;
    const Node* const more = rule.find("spaceDelimitedClaims");
    return is(more, Kind::array) && std::any_of(more->elements.begin(), more->elements.end(),
                                                [&](const Node& each) { return text_of(&each) == path[0]; });
}

// Conditions that each ask for one value of the same claim, as scopes are asked for, together.
std::vector<Draft::Claim> joined(const std::vector<Draft::Claim>& claims) {
    std::vector<Draft::Claim> out;
    for (const Draft::Claim& claim : claims) {
        const auto joins = [](const Draft::Claim& each) {
            return each.all || (each.values.size() == 1 && all_exact(each.values));
        };
        const auto found = std::find_if(out.begin(), out.end(), [&](const Draft::Claim& each) {
            return each.path == claim.path && joins(each) && joins(claim);
        });
        if (found == out.end()) {
            out.push_back(claim);
            continue;
        }
        add_once(found->values, claim.values.front());
        found->all = found->values.size() > 1;
    }
    return out;
}

void put_claims(Draft& draft, Node& path) {
    Node claims = object(draft.mark);
    if (!draft.subject.empty()) {
        Node test = object(draft.asked);
        put(test, "in", members(draft.subject, draft.asked));
        put(claims, "sub", std::move(test));
    }
    bool audience = is(path.find("audience"), Kind::string);
    for (const Draft::Claim& claim : joined(draft.claims)) {
        const Node values = members(claim.values, claim.mark);
        if (audience && !claim.all && claim.path == std::vector<std::string>{"aud"}) {
            Node rule = object(claim.mark);
            put(rule, "any_of", values);
            put(path, "audience", std::move(rule));
            audience = false;
            continue;
        }
        const std::string name = free_claim_name(claims, claim.path);
        if (name.empty()) {
            draft.dropped.push_back(text("a further condition on " + plain_name(claim.path.back()), claim.mark));
            continue;
        }
        Node test = object(claim.mark);
        put(test, claim.all ? "has_all" : "has_any", values);
        put(test, "shape", text(is_words(*draft.rule, claim.path) ? "words" : "list", claim.mark));
        put(claims, name, std::move(test));
    }
    if (!claims.names.empty()) put(path, "claims", std::move(claims));
}

Node keys_of(const Node& rule) {
    std::vector<Node> out;
    if (const Node* const jwks = rule.find("jwks"); jwks != nullptr && !text_of(jwks).empty())
        out.push_back(keys_in(*jwks));
    // Whether the control plane or the proxy fetches decides which of the two counts.
    for (const char* name : {"jwksUri", "jwks_uri"}) {
        const Node* const uri = rule.find(name);
        if (uri != nullptr && (is_unresolved(*uri) || !text_of(uri).empty())) out.push_back(keys_at(*uri));
    }
    if (!out.empty()) return list(std::move(out), rule.mark);
    const Node* const issuer = rule.find("issuer");
    if (issuer == nullptr) return unread_keys("keys that are not named", rule.mark);
    return discovered_keys(*issuer);
}

} // namespace

bool Match::takes(std::string_view value) const {
    switch (kind) {
    case Kind::exact: return value == text;
    case Kind::prefix: return value.starts_with(text);
    case Kind::suffix: return value.ends_with(text);
    case Kind::some: return !value.empty();
    }
    return true;
}

std::vector<Draft> narrow(std::vector<Draft> drafts, const Condition& condition, bool excluded) {
    bool known = true;
    const std::vector<std::string> values = values_of(excluded ? *condition.not_values : *condition.values, known);
    std::vector<Draft> out;
    for (Draft& draft : drafts) {
        if (!known) drop(draft, condition, "its values are put in later");
        if (condition.claim.empty())
            narrow_principal(std::move(draft), values, condition, out);
        else
            narrow_claim(std::move(draft), values, condition, out);
    }
    return out;
}

Node path_of(Draft draft, Mark at) {
    const Node& rule = *draft.rule;
    const Node* const issuer = issuer_of(draft);
    std::string name = issuer != nullptr ? plain_name(text_of(issuer)) : "a JWT rule without issuer";
    Node path = kubernetes_jwt_path(rule, std::move(name), keys_of(rule), at, draft.dropped);
    if (!draft.issuer.empty()) put(path, "issuer", members(draft.issuer, draft.asked));
    put_claims(draft, path);
    if (!draft.dropped.empty()) put(path, "dropped", list(std::move(draft.dropped), at));
    return path;
}

} // namespace jwtdomain::gateway::istio
