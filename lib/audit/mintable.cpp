#include "jwtdomain/audit/mintable.h"

#include <algorithm>
#include <deque>
#include <set>

#include "jwtdomain/policy/bind.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::audit {
namespace {

using policy::Allowed;

accept::Strings anything() {
    accept::Strings out;
    out.any = true;
    return out;
}

std::vector<std::string> path_of(const std::string& name) {
    return policy::parse_claim_path(name).value_or(std::vector<std::string>{name});
}

// Claims that every issuer may write, with values that the attacker may come by. Times are a field of their own.
bool is_common(const std::vector<std::string>& path) {
    static const std::set<std::string> names{"iss", "aud", "exp", "iat", "nbf", "jti", "sub", "client_id"};
    return path.size() == 1 && names.count(path.front()) != 0;
}

ClaimBound* find(Mintable& tokens, const std::vector<std::string>& path) {
    const auto known = std::find_if(tokens.claims.begin(), tokens.claims.end(),
                                    [&](const ClaimBound& each) { return each.path == path; });
    return known == tokens.claims.end() ? nullptr : &*known;
}

// A further statement on a claim: what either lets the issuer write is written.
void add(Mintable& out, ClaimBound bound) {
    ClaimBound* const known = find(out, bound.path);
    if (!known) {
        out.claims.push_back(std::move(bound));
        return;
    }
    accept::Strings& values = known->values;
    values.any = values.any || bound.values.any;
    values.exact.insert(values.exact.end(), bound.values.exact.begin(), bound.values.exact.end());
    values.patterns.insert(values.patterns.end(), bound.values.patterns.begin(), bound.values.patterns.end());
    known->absent_ok = known->absent_ok && bound.absent_ok;
    known->fixed = known->fixed && bound.fixed;
    known->minted = known->minted || bound.minted;
    known->words = known->words || bound.words;
}

ClaimBound bound_of(const accept::ClaimRule& rule) {
    ClaimBound bound{.path = rule.path, .values = rule.values, .absent_ok = rule.absent_ok};
    bound.words = rule.shape == accept::ClaimShape::words;
    switch (rule.test) {
    case accept::ClaimTest::in: bound.fixed = true; break;
    case accept::ClaimTest::all_in: break;
    case accept::ClaimTest::absent: bound.minted = false; break;
    case accept::ClaimTest::present: // says nothing of values
    case accept::ClaimTest::has_any: // further members may be anything
    case accept::ClaimTest::has_all: bound.values = anything(); break;
    }
    return bound;
}

void bound_claims(const policy::Domain& domain, Mintable& out) {
    const policy::IssuanceProfile& profile = domain.issue;
    const auto values_of = [](const Allowed& allowed) {
        accept::Strings values;
        if (allowed.kind == Allowed::Kind::list)
            values.exact = allowed.values;
        else
            values.any = true;
        return values;
    };
    for (const auto& [name, allowed] : profile.claims) add(out, {.path = path_of(name), .values = values_of(allowed)});
    if (!domain.foreign || find(out, {"client_id"})) {
        ClaimBound client{.path = {"client_id"}, .values = {}, .minted = !domain.clients.empty()};
        for (const auto& [name, rules] : domain.clients) client.values.exact.push_back(name);
        add(out, std::move(client));
    }
    // What tells the domain's tokens from others of the same issuer is set by the issuer.
    if (!domain.domain_claim.empty()) {
        ClaimBound bound{.path = path_of(domain.domain_claim), .values = {}, .absent_ok = false, .fixed = true};
        bound.values.exact = {domain.domain_value};
        add(out, std::move(bound));
    }
    for (const accept::ClaimRule& rule : domain.match) {
        // Of a claim that is listed it says only what the issuer may write by itself.
        if (rule.test == accept::ClaimTest::in || !find(out, rule.path)) add(out, bound_of(rule));
    }
    if (!domain.scope_claim.empty())
        add(out, {.path = path_of(domain.scope_claim), .values = values_of(profile.scopes), .words = true});
    out.other_claims = profile.other_claims;
}

void bound_audiences(const policy::Domain& domain, Attacker attacker, Mintable& out) {
    const Allowed& allowed = domain.issue.audiences;
    const bool own = allowed.kind == Allowed::Kind::own || attacker == Attacker::replay;
    out.audience_absent_ok = domain.audience_optional || !domain.audience_fallback.empty();
    if (!domain.issue.declared && attacker != Attacker::replay) { // nobody has said what that issuer mints
        out.audiences.any = true;
        out.audience_absent_ok = true;
    } else if (own) { // by default a token is for the domain itself, as far as the profile lets it be
        for (const std::string& value : domain.audiences) {
            const auto& listed = allowed.values;
            if (allowed.kind != Allowed::Kind::list || std::find(listed.begin(), listed.end(), value) != listed.end())
                out.audiences.exact.push_back(value);
        }
    } else if (allowed.kind == Allowed::Kind::list) {
        out.audiences.exact = allowed.values;
    } else {
        out.audiences.any = true;
    }
    auto& values = out.audiences.exact;
    if (!out.audiences.any)
        values.insert(values.end(), domain.neutral_audiences.begin(), domain.neutral_audiences.end());
    // Where a claim stands in for aud, the issuer writes into it what else would be in aud.
    for (const std::string& name : domain.audience_fallback) {
        ClaimBound bound{.path = {name}, .values = out.audiences}; // one text or a list, as aud is
        const bool free = domain.issue.other_claims && domain.issue.claims.count(name) == 0 && !is_common(bound.path);
        if (name == "sub" || name == "jti" || (free && !domain.foreign)) {
            bound.values.any = true;
        }
        add(out, std::move(bound));
    }
    // Of a constrained sender, the thumbprint of a key that the client chooses.
    if (domain.sender_constraint == policy::SenderConstraint::dpop)
        add(out, {.path = {"cnf", "jkt"}, .values = anything()});
}

// Tokens got by an exchange: what that issuer mints, as far as the edge lets one ask for it.
void narrow(const policy::ExchangeEdge& edge, const policy::Domain& to, Mintable& out) {
    if (!edge.audience.empty()) { // beside it what names nobody, or, of an issuer that leaves aud out, nothing
        out.audiences = {};
        out.audiences.exact = to.neutral_audiences;
        out.audiences.exact.push_back(edge.audience);
        // Where another claim stands in for aud, that is where it is written.
        for (const std::string& name : to.audience_fallback) {
            ClaimBound* const bound = find(out, {name});
            if (bound != nullptr && !bound->values.any) bound->values.exact.push_back(edge.audience);
        }
    }
    if (edge.scopes.empty()) return;
    for (ClaimBound& bound : out.claims) {
        if (out.scope_claim.empty() || bound.path != path_of(out.scope_claim)) continue;
        bound.values = {};
        bound.values.exact = edge.scopes;
    }
}

} // namespace

ClaimBound Mintable::bound(const std::vector<std::string>& path) const {
    if (free) return {.path = path, .values = anything()};
    for (const ClaimBound& claim : claims) {
        if (claim.path == path) return claim;
    }
    for (const ClaimBound& claim : claims) {
        // Inside a claim that is listed there is something only where that may be anything; around one that is listed
        // inside, there is what holds it.
        if (policy::is_inside(path, claim.path))
            return {.path = path, .values = anything(), .minted = claim.values.any};
        if (policy::is_inside(claim.path, path) && claim.minted) return {.path = path, .values = anything()};
    }
    return {.path = path, .values = anything(), .minted = other_claims || is_common({path.front()})};
}

Mintable mintable(const policy::Domain& domain, std::size_t index, Attacker attacker) {
    Mintable out;
    out.holder = out.issuer = index;
    out.attacker = attacker;
    out.scope_claim = domain.scope_claim;
    out.described = domain.issue.declared;
    if (attacker == Attacker::outsider || attacker > Attacker::insider) {
        out.free = out.described = out.typed = true;
        out.type.any = true;
        out.iss.allowed.any = out.iss.absent_ok = true;
        out.audiences.any = true;
        out.audience_absent_ok = true;
        return out;
    }
    out.type = policy::bind::type_rule(domain.types);
    // Somebody else's issuer has other kinds of tokens than those that the domain takes, whatever is said of these.
    out.typed = domain.issue.declared && !domain.foreign;
    if (!out.typed) out.type.any = true;
    if (domain.issuer.empty())
        out.iss.allowed.any = true;
    else
        out.iss.allowed.exact = {domain.issuer};
    out.iss.absent_ok = domain.issuer_optional || domain.issuer.empty();
    bound_audiences(domain, attacker, out);
    bound_claims(domain, out);
    return out;
}

std::vector<Mintable> closure(const policy::Policy& policy, std::size_t domain, Attacker attacker) {
    std::vector<Mintable> out{mintable(policy.domains[domain], domain, attacker)};
    if (attacker == Attacker::outsider || policy.exchange.empty()) return out;
    std::set<std::size_t> taken; // edges
    for (std::size_t next = 0; next < out.size(); ++next) {
        for (std::size_t e = 0; e < policy.exchange.size(); ++e) {
            const policy::ExchangeEdge& edge = policy.exchange[e];
            if (edge.from != policy.domains[out[next].issuer].name || !taken.insert(e).second) continue;
            const policy::Domain* const to = policy.find(edge.to);
            if (!to) continue;
            const auto index = static_cast<std::size_t>(to - policy.domains.data());
            Mintable got = mintable(*to, index, std::min(attacker, Attacker::insider));
            narrow(edge, *to, got);
            got.holder = domain;
            got.attacker = attacker;
            got.route = out[next].route;
            got.route.push_back(e);
            out.push_back(std::move(got));
        }
    }
    return out;
}

} // namespace jwtdomain::audit
