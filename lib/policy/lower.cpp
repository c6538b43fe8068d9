#include "jwtdomain/policy/lower.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "jwtdomain/accept/header_keys.h"
#include "jwtdomain/policy/bind.h"
#include "jwtdomain/policy/lower_keys.h"
#include "jwtdomain/policy/names.h"
#include "jwtdomain/policy/token_places.h"

namespace jwtdomain::policy {

namespace {

using accept::ClaimRule;
using accept::ClaimShape;
using accept::ClaimTest;

std::vector<std::string> claim_path(const std::string& text) {
    return parse_claim_path(text).value_or(std::vector<std::string>{text});
}

bool contains(const std::vector<std::string>& list, std::string_view value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

ClaimRule present(std::vector<std::string> path) {
    ClaimRule rule;
    rule.path = std::move(path);
    rule.role = ClaimRule::Role::required;
    return rule;
}

ClaimRule scope_rule(const Domain& domain, ClaimTest test, const std::vector<std::string>& scopes) {
    ClaimRule rule;
    rule.path = claim_path(domain.scope_claim);
    rule.shape = ClaimShape::words;
    rule.test = test;
    rule.values.exact = scopes;
    rule.role = ClaimRule::Role::scope;
    return rule;
}

accept::IssuerRule issuer_rule(const Domain& domain) {
    accept::IssuerRule rule;
    rule.absent_ok = domain.issuer_optional;
    if (domain.issuer.empty())
        rule.allowed.any = true;
    else
        rule.allowed.exact = {domain.issuer};
    return rule;
}

// The audience names the domain, and every further value is the domain's or neutral.
accept::AudienceRule audience_rule(const Domain& domain, const std::vector<std::string>& narrowed) {
    accept::AudienceRule rule;
    rule.any_of.exact = narrowed.empty() ? domain.audiences : narrowed;
    rule.fallback_claims = domain.audience_fallback;
    std::vector<std::string> all = domain.audiences;
    const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& more) {
        to.insert(to.end(), more.begin(), more.end());
    };
    add(all, domain.neutral_audiences);
    rule.subset_of = std::move(all);
    if (domain.audience_optional && narrowed.empty()) {
        rule.absent_ok = true;
        add(rule.any_of.exact, domain.neutral_audiences);
        rule.must_be_absent = rule.any_of.exact.empty();
    }
    return rule;
}

accept::AudienceRule edge_audience_rule(const Domain& from, const TrustEdge& edge) {
    accept::AudienceRule rule;
    rule.any_of.exact = {edge.audience};
    rule.subset_of = std::vector<std::string>{edge.audience};
    rule.fallback_claims = from.audience_fallback;
    return rule;
}

accept::TimeRule time_rule(const Domain& domain) {
    accept::TimeRule rule;
    rule.leeway = domain.leeway;
    (contains(domain.required, "iat") ? rule.longest_life : rule.longest_remaining) = domain.lifetime;
    return rule;
}

std::vector<ClaimRule> claim_rules(const Domain& domain) {
    std::vector<ClaimRule> rules;
    if (!domain.domain_claim.empty()) {
        ClaimRule rule;
        rule.path = claim_path(domain.domain_claim);
        rule.test = ClaimTest::in;
        rule.values.exact = {domain.domain_value};
        rule.role = ClaimRule::Role::domain;
        rules.push_back(std::move(rule));
    }
    for (const std::string& name : domain.required) {
        // These have rules of their own; iat is needed for the longest life.
        if (name == "iss" || name == "aud" || name == "exp" || name == "iat") continue;
        rules.push_back(present(claim_path(name)));
    }
    if (domain.sender_constraint == SenderConstraint::dpop)
        rules.push_back(present({"cnf", "jkt"})); // RFC 9449 section 6.1
    rules.insert(rules.end(), domain.match.begin(), domain.match.end());
    return rules;
}

accept::Signing signing_of(const Domain& domain, const KeyReader& keys) {
    accept::Signing signing;
    detail::KeyChoice choice;
    choice.algorithms = domain.algorithms;
    signing.algorithms = domain.algorithms;
    choice.issuer = domain.issuer;
    choice.owner = domain.name;
    detail::add_keys(signing, domain.keys, keys, choice);
    return signing;
}

// A domain whose tokens are accepted, with its keys read once.
struct Source {
    const Domain* domain;
    const TrustEdge* edge; // nullptr: the domain's own
    accept::Signing signing;
};

accept::Path path_of(const Source& source, const std::vector<std::string>& narrowed,
                     const std::vector<std::string>& scopes) {
    const Domain& domain = *source.domain;
    accept::Path path;
    path.name = domain.name;
    path.where = domain.where;
    path.signing = source.signing;
    path.type = bind::type_rule(domain.types);
    path.issuer = issuer_rule(domain);
    path.audience = audience_rule(domain, narrowed);
    path.time = time_rule(domain);
    path.claims = claim_rules(domain);
    if (const TrustEdge* edge = source.edge) {
        path.name = "trust " + edge->from + " -> " + edge->to;
        path.where = edge->where;
        path.audience = edge_audience_rule(domain, *edge);
        path.time.path_ends = edge->expires;
        path.claims.push_back(scope_rule(domain, ClaimTest::all_in, edge->scopes));
        path.claims.back().absent_ok = true; // a token without scopes carries none that is not allowed
    }
    if (!scopes.empty()) path.claims.push_back(scope_rule(domain, ClaimTest::has_all, scopes));
    return path;
}

accept::Entry entry_of(const std::vector<Source>& sources, const Resource* resource, std::vector<std::string> methods,
                       const std::vector<std::string>& scopes) {
    accept::Entry entry;
    const std::vector<std::string> narrowed = resource == nullptr ? std::vector<std::string>{} : resource->audiences;
    if (resource != nullptr) entry.resource = resource->uri;
    entry.methods = std::move(methods);
    for (const Source& source : sources) {
        if (source.edge != nullptr && !narrowed.empty() && !contains(narrowed, source.edge->audience)) continue;
        entry.paths.push_back(path_of(source, narrowed, scopes));
    }
    return entry;
}

void add_resource(std::vector<accept::Entry>& entries, const std::vector<Source>& sources, const Resource& resource) {
    if (resource.methods.empty()) entries.push_back(entry_of(sources, &resource, {}, {}));
    std::vector<std::string> done;
    for (const auto& [method, scopes] : resource.methods) {
        if (contains(done, method)) continue;
        std::vector<std::string> methods;
        for (const auto& [other, other_scopes] : resource.methods) {
            if (other_scopes == scopes) methods.push_back(other);
        }
        done.insert(done.end(), methods.begin(), methods.end());
        entries.push_back(entry_of(sources, &resource, std::move(methods), scopes));
    }
}

void leave_to_token(accept::Signing& signing, const DeclaredPath& path, const DeclaredKeys& keys) {
    const bool chosen = detail::is_chosen_by_token(path, keys);
    signing.source = chosen ? accept::KeySource::of_token : accept::KeySource::unresolved;
    signing.why = std::string("which keys these are depends on ") +
                  (accept::is_of_header(keys.named_by) ? "the token's " : "the claim ") + keys.named_by + ": " +
                  keys.location.value;
    signing.keys.clear();
    signing.origins.push_back({.location = keys.location.value, .owner = keys.owner, .named_by = keys.named_by});
}

// A token of an issuer that none of the paths names passes as if there were none.
accept::Path anonymous_path(const DeclaredVerifier& declared, const std::vector<accept::Path>& paths) {
    accept::Path out;
    out.name = "no token";
    out.where = declared.where;
    out.anonymous = out.type.any = out.audience.any = true;
    out.issuer.allowed.any = out.issuer.absent_ok = true;
    out.signing.source = accept::KeySource::none;
    out.time.expiry = accept::Presence::unchecked;
    out.time.not_before = out.time.issued_at = false;
    for (const accept::Path& path : paths) {
        const accept::Strings& known = path.issuer.allowed;
        out.issuer.except.insert(out.issuer.except.end(), known.exact.begin(), known.exact.end());
        if (known.any || !known.patterns.empty() || path.issuer.absent_ok)
            out.dropped = {"that issuers are refused which another path takes by a pattern"};
    }
    return out;
}

accept::Path path_of(const DeclaredPath& declared, const KeyReader& reader) {
    accept::Path path;
    path.name = declared.name;
    path.where = declared.where;
    path.places = declared.places;
    path.signing.kid = declared.kid;
    path.signing.algorithms = declared.algorithms;
    if (declared.signature_unchecked) path.signing.source = accept::KeySource::none;
    for (const DeclaredKeys& keys : declared.keys) {
        detail::KeyChoice choice;
        choice.algorithms = keys.algorithms ? keys.algorithms : declared.algorithms;
        choice.ignore_metadata = keys.algorithms.has_value();
        if (keys.algorithms) path.signing.algorithms.reset(); // its keys say what they allow
        choice.kid = keys.kid;
        choice.owner = keys.owner;
        choice.short_secrets = true;
        choice.others_may_take_refused = true;
        choice.bind_issuer = declared.key_issuer_checked;
        if (!keys.named_by.empty()) {
            leave_to_token(path.signing, declared, keys);
            break;
        }
        if (!detail::add_keys(path.signing, keys.location, reader, choice)) break;
        path.signing.origins.back().metadata_issuer = keys.metadata_issuer;
    }
    path.type = declared.type;
    path.issuer = declared.issuer;
    path.audience = declared.audience;
    path.time = declared.time;
    path.claims = declared.claims;
    path.principal = declared.principal;
    path.dialect = declared.dialect;
    path.dropped = declared.dropped;
    return path;
}

} // namespace

KeyReader once_each(KeyReader reader) {
    using Place = std::pair<KeyLocation::Kind, std::string>;
    auto known = std::make_shared<std::map<Place, Result<JwkSet>>>();
    return [known, reader = std::move(reader)](const KeyLocation& location) -> Result<JwkSet> {
        Place place{location.kind, location.value};
        if (const auto found = known->find(place); found != known->end()) return found->second;
        return known->emplace(std::move(place), reader(location)).first->second;
    };
}

accept::Verifier lower(const Policy& policy, const Domain& domain, const KeyReader& keys) {
    std::vector<Source> sources;
    sources.push_back({&domain, nullptr, signing_of(domain, keys)});
    for (const TrustEdge& edge : policy.trust) {
        if (edge.to != domain.name) continue;
        const Domain* from = policy.find(edge.from);
        if (from != nullptr) sources.push_back({from, &edge, signing_of(*from, keys)});
    }
    accept::Verifier verifier;
    verifier.domain = verifier.name = domain.name;
    verifier.where = domain.where;
    verifier.entries.push_back(entry_of(sources, nullptr, {}, {}));
    for (const Resource& resource : domain.resources) add_resource(verifier.entries, sources, resource);
    return verifier;
}

accept::Verifier lower(const DeclaredVerifier& declared, const KeyReader& keys) {
    accept::Verifier verifier;
    verifier.domain = declared.domain;
    verifier.name = declared.name;
    verifier.where = declared.where;
    accept::Entry entry;
    entry.resource = declared.resource;
    entry.methods = declared.methods;
    entry.guard = declared.guard;
    entry.why = declared.why;
    entry.unsigned_inputs = declared.unsigned_inputs;
    if (!declared.type.empty() && !declared.imported) {
        entry.guard = accept::Entry::Guard::opaque;
        entry.why = "the " + declared.type + " configuration in " + declared.path + " has not been read";
    }
    for (const DeclaredPath& path : declared.accepts) {
        for (const DeclaredPath& each : detail::with_places(path)) entry.paths.push_back(path_of(each, keys));
    }
    if (declared.anonymous) entry.paths.push_back(anonymous_path(declared, entry.paths));
    verifier.entries.push_back(std::move(entry));
    return verifier;
}

} // namespace jwtdomain::policy
