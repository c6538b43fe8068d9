#include <algorithm>
#include <array>
#include <unordered_set>

#include "jwtdomain/policy/bind.h"
#include "jwtdomain/policy/names.h"
#include "jwtdomain/policy/schema.h"
#include "jwtdomain/policy/schema_words.h"

namespace jwtdomain::policy::bind {

namespace {

using document::Kind;
using schema::refuse;

constexpr Seconds kLongestLeeway = 60;

bool contains(const std::vector<std::string>& list, std::string_view value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

template <class T> Status move_into(Result<T>&& from, T& to) {
    if (!from) return fail(from.error());
    to = std::move(*from);
    return {};
}

// Claims that the policy has fields for, or the issuer fills by itself.
struct OwnField {
    std::string_view claim, instead;
    bool foreign; // is it so of an issuer that is somebody else's, too?
};
constexpr std::array kOwnFields{
    OwnField{"iss", "the field `issuer` says it", true},
    OwnField{"aud", "the field `audiences` says it", true},
    OwnField{"exp", "the field `lifetime` says it", true},
    OwnField{"nbf", "it is a time", true},
    OwnField{"iat", "it is a time", true},
    OwnField{"jti", "a random one is made for each token", false},
    OwnField{"client_id", "the field `clients` says it", false},
};

// Such a one, which cannot stand for anything else either: client_id may name an audience.
bool says_nothing_else(std::string_view claim) {
    return claim != "client_id" && std::any_of(kOwnFields.begin(), kOwnFields.end(),
                                               [&](const OwnField& field) { return field.claim == claim; });
}

Status bind_claim_names(const Node& node, const std::string& file, Domain& domain) {
    const Node* claims = node.find("claims");
    if (claims == nullptr) return {};
    set(*claims, "domain", domain.domain_claim);
    if (domain.domain_claim == "none") domain.domain_claim.clear();
    set(*claims, "scope", domain.scope_claim);
    for (const char* name : {"domain", "scope"}) {
        const Node* claim = claims->find(name);
        if (claim == nullptr) continue;
        if (auto path = parse_claim_path(claim->text); !path) {
            return refuse(file, claim->mark, path.error().message, path.error().hint);
        }
    }
    return {};
}

Status bind_refresh(const Node& node, const std::string& file, RefreshRules& rules) {
    const Node* refresh = node.find("refresh");
    if (refresh == nullptr) return {};
    if (const Node* mode = refresh->find("mode")) {
        rules.mode = static_cast<RefreshRules::Mode>(word_index(*mode, schema::refresh_words()));
    }
    set_span(*refresh, "idle", rules.idle);
    set_span(*refresh, "absolute", rules.absolute);
    set_span(*refresh, "grace", rules.grace);
    if (rules.idle > rules.absolute) {
        return refuse(file, refresh->mark, "refresh tokens may be idle for longer than they live",
                      "idle must be at most absolute");
    }
    if (rules.grace > rules.idle) {
        return refuse(file, refresh->mark, "the grace of refresh tokens is longer than their idle time",
                      "grace covers a lost answer: some seconds, 30s for example");
    }
    return {};
}

Status bind_rotation(const Node& node, const std::string& file, Domain& domain) {
    const Node* rotation = node.find("rotation");
    RotationRules& rules = domain.rotation;
    if (rotation != nullptr) {
        set_span(*rotation, "cache", rules.cache);
        if (rotation->find("every") != nullptr) {
            Seconds every = 0;
            set_span(*rotation, "every", every);
            rules.every = every;
        }
    }
    if (!rules.every) return {};
    const Node& place = rotation != nullptr ? *rotation : node;
    const Seconds overlap = rules.cache + domain.lifetime + 2 * domain.leeway;
    if (*rules.every < kLivesPerKey * domain.lifetime) {
        return refuse(file, place.mark,
                      "keys are replaced every " + format_duration(*rules.every) + ", where tokens live for " +
                          format_duration(domain.lifetime),
                      "a key signs for at least six lives of a token: every: " +
                          format_duration(kLivesPerKey * domain.lifetime));
    }
    if (*rules.every < overlap) {
        return refuse(file, place.mark,
                      "keys are replaced every " + format_duration(*rules.every) +
                          ", before consumers that keep them for " + format_duration(rules.cache) + " have seen them",
                      "at least every: " + format_duration(overlap));
    }
    return {};
}

// What `defaults` and a domain have in common.
Status bind_common(const Node& node, const std::string& file, Domain& domain) {
    if (const Node* n = node.find("algorithms")) domain.algorithms = algorithms(*n);
    if (const Node* n = node.find("types")) {
        if (auto status = move_into(types(*n, file), domain.types); !status) return status;
    }
    if (const Node* n = node.find("required")) {
        if (auto status = move_into(claim_names(*n, file), domain.required); !status) return status;
    }
    if (const Node* n = node.find("audience_fallback")) {
        if (auto status = move_into(top_claim_names(*n, file), domain.audience_fallback); !status) return status;
        for (const std::string& name : domain.audience_fallback) {
            if (!says_nothing_else(name)) continue;
            return refuse(file, n->mark, "the claim '" + name + "' does not say for whom a token is",
                          "client_id, azp or appid may");
        }
    }
    set(node, "neutral_audiences", domain.neutral_audiences);
    set_span(node, "lifetime", domain.lifetime);
    if (const Node* n = node.find("lifetime"); n != nullptr && domain.lifetime == 0) {
        return refuse(file, n->mark, "a lifetime of nothing");
    }
    set_span(node, "leeway", domain.leeway);
    if (const Node* n = node.find("leeway"); n != nullptr && domain.leeway > kLongestLeeway) {
        return refuse(file, n->mark, "a leeway of more than 60s",
                      "clocks that differ by more than a minute need repair");
    }
    if (const Node* n = node.find("sender_constraint")) {
        domain.sender_constraint = static_cast<SenderConstraint>(word_index(*n, schema::sender_words()));
    }
    if (const Node* n = node.find("profile")) {
        domain.profile = static_cast<Profile>(word_index(*n, schema::profile_words()));
    }
    if (const Status good = bind_rotation(node, file, domain); !good) return good;
    return bind_refresh(node, file, domain.refresh);
}

Status bind_name(const Node& node, const std::string& file, Domain& domain) {
    const Node& name = *node.find("domain");
    domain.name = name.text;
    domain.where = place(file, name.mark);
    const bool templated = node.find("tenant") != nullptr;
    const std::size_t placeholder = name.text.find("{tenant}");
    if (templated && placeholder == std::string::npos) {
        return refuse(file, name.mark, "a template whose name is the same for every tenant",
                      "write {tenant} in it: prod/{tenant}");
    }
    std::string checked = name.text;
    while (templated && checked.find("{tenant}") != std::string::npos)
        checked.replace(checked.find("{tenant}"), 8, "t");
    if (auto status = check_domain_name(checked); !status) {
        return refuse(file, name.mark, status.error().message, status.error().hint);
    }
    set(node, "parent", domain.parent);
    domain.domain_value = domain.name;
    set(node, "domain_value", domain.domain_value);
    return {};
}

// Is it a claim inside of one that must be a text or a list?
bool is_inside(const accept::ClaimRule& rule, const accept::ClaimRule& whole) {
    return whole.test != accept::ClaimTest::present && rule.path.size() > whole.path.size() &&
           std::equal(whole.path.begin(), whole.path.end(), rule.path.begin());
}

Status bind_issuer(const Node& node, const std::string& file, Domain& domain) {
    set(node, "foreign", domain.foreign);
    set(node, "issuer", domain.issuer);
    set(node, "issuer_optional", domain.issuer_optional);
    if (const Node* match = node.find("match")) {
        if (auto status = move_into(tests(*match, file), domain.match); !status) return status;
        for (std::size_t i = 0; i < domain.match.size() && i < match->names.size(); ++i) {
            const std::string& name = domain.match[i].path.front();
            if (name == "{tenant}" || says_nothing_else(name))
                return refuse(file, match->names[i].mark, "'" + name + "' in a match",
                              "it has a field of its own: issuer, audiences, lifetime");
            const auto inside = [&](const accept::ClaimRule& other) { return is_inside(other, domain.match[i]); };
            if (std::any_of(domain.match.begin(), domain.match.end(), inside))
                return refuse(file, match->names[i].mark,
                              "'" + match->names[i].text +
                                  "' is compared as a whole, and a claim inside it is asked for",
                              "no token has both: compare the claims inside it, one by one");
        }
    }
    const Node& name = *node.find("domain");
    if (domain.issuer.empty() && !domain.issuer_optional) {
        return refuse(file, name.mark, "the domain '" + domain.name + "' has no issuer",
                      "add issuer: https://..., the exact value of iss");
    }
    if (domain.issuer.empty() && domain.match.empty()) {
        return refuse(file, name.mark, "nothing binds a token to the domain '" + domain.name + "'",
                      "add an issuer, or a match such as match: {sub: {prefix: 'spiffe://prod.example.com/'}}");
    }
    if (const Node* issuer = node.find("issuer");
        issuer != nullptr && issuer->text.find_first_of(" \t\n") != std::string::npos) {
        return refuse(file, issuer->mark, "an issuer with white space in it");
    }
    if (const Node* jwks = node.find("jwks")) {
        if (auto status = move_into(key_location(*jwks, domain.issuer, file), domain.keys); !status) return status;
    }
    if (const Node* earlier = node.find("earlier_jwks")) {
        for (const Node& element : earlier->elements) {
            auto location = key_location(element, {}, file);
            if (!location || location->kind != KeyLocation::Kind::file)
                return refuse(file, element.mark, "'" + element.text + "' is not a file",
                              "what was published before is only found in a copy: jwks/" + domain.name +
                                  "-before.json");
            domain.earlier_keys.push_back(std::move(*location));
        }
    }
    return {};
}

Status bind_audiences(const Node& node, const std::string& file, Domain& domain) {
    set(node, "audiences", domain.audiences);
    set(node, "audience_optional", domain.audience_optional);
    if (domain.audiences.empty() && !domain.audience_optional) {
        return refuse(file, node.find("domain")->mark, "the domain '" + domain.name + "' has no audiences",
                      "add audiences: [...]; a domain whose tokens have no aud says audience_optional: true");
    }
    for (const char* list : {"audiences", "neutral_audiences"}) {
        const Node* values = node.find(list);
        if (values == nullptr) continue;
        std::unordered_set<std::string_view> seen;
        for (const Node& value : values->elements) {
            if (!seen.insert(value.text).second) {
                return refuse(file, value.mark, "the audience '" + value.text + "' stands here twice");
            }
            if (*list == 'n' && contains(domain.audiences, value.text)) {
                return refuse(file, value.mark, "'" + value.text + "' is an audience of the domain and neutral too",
                              "an audience that names the domain is not neutral");
            }
        }
    }
    return {};
}

Result<Allowed> allowed(const Node& node) {
    if (node.kind == Kind::array) return Allowed{Allowed::Kind::list, texts(node)};
    return Allowed{node.text == "own" ? Allowed::Kind::own : Allowed::Kind::any, {}};
}

// Why the policy of the domain cannot use the claim as it likes; empty if it can.
std::string_view instead_of(const Domain& domain, std::string_view claim) {
    for (const OwnField& field : kOwnFields) {
        if (field.claim == claim && (field.foreign || !domain.foreign)) return field.instead;
    }
    return {};
}

// Do two names mean one claim? bind_claim_names() has seen that the first can be parsed; empty: there is none.
bool is_claim(const std::string& name, const std::vector<std::string>& path) {
    return !name.empty() && parse_claim_path(name) == path;
}

std::string_view instead_of_carrier(const Domain& domain, const std::string& claim) {
    const std::string first = parse_claim_path(claim)->front();
    if (first == "sub" && !domain.foreign) return "it names whom the token is about";
    return instead_of(domain, first);
}

std::string_view instead_of_issued(const Domain& domain, const std::vector<std::string>& path) {
    if (path.front() == "{tenant}") return "a tenant may be called like a claim: write more than its name";
    if (is_claim(domain.domain_claim, path)) return "the field `domain_value` says it";
    if (is_claim(domain.scope_claim, path)) return "the field `scopes` says it";
    return instead_of(domain, path.front());
}

// The claims for domain and scope must not be those that an issuer fills with something else.
Status check_claim_names(const Node& node, const std::string& file, const Domain& domain) {
    for (const std::string* claim : {&domain.domain_claim, &domain.scope_claim}) {
        if (claim->empty()) continue;
        const std::string first = parse_claim_path(*claim)->front();
        const std::string_view instead = instead_of_carrier(domain, *claim);
        if (instead.empty()) continue;
        return refuse(file, node.find("domain")->mark,
                      "the claim '" + first + "' cannot carry the " +
                          (claim == &domain.domain_claim ? "domain" : "scope") + " of tokens of '" + domain.name + "'",
                      std::string(instead) + "; name another one in `claims`");
    }
    for (const accept::ClaimRule& rule : domain.match) {
        for (const std::string& claim :
             {domain.domain_claim, domain.scope_claim, std::string("sub"), std::string("client_id")}) {
            if (claim.empty() || !policy::is_inside(rule.path, *parse_claim_path(claim))) continue;
            return refuse(file, node.find("match")->mark,
                          "a match asks for '" + format_claim_path(rule.path) + "', inside of '" + claim +
                              "', which is a text",
                          "no token has both: take that claim out of `match`");
        }
    }
    if (domain.scope_claim.empty() || domain.domain_claim.empty()) return {};
    const auto scope = *parse_claim_path(domain.scope_claim), of_domain = *parse_claim_path(domain.domain_claim);
    if (policy::is_inside(scope, of_domain) || policy::is_inside(of_domain, scope))
        return refuse(file, node.find("domain")->mark,
                      "of the claims '" + domain.domain_claim + "' and '" + domain.scope_claim +
                          "' one is inside the other",
                      "each of them is a text: name another one in `claims`");
    if (scope != of_domain) return {};
    return refuse(file, node.find("domain")->mark, "one claim, '" + domain.domain_claim + "', carries domain and scope",
                  "name another one in `claims`");
}

Status bind_issued_claims(const Node& list, const std::string& file, Domain& domain) {
    for (std::size_t i = 0; i < list.names.size(); ++i) {
        const Node::Name& name = list.names[i];
        const auto path = parse_claim_path(name.text);
        if (!path) return refuse(file, name.mark, path.error().message, path.error().hint);
        const std::string_view instead = instead_of_issued(domain, *path);
        if (!instead.empty())
            return refuse(file, name.mark, "'" + name.text + "' among the claims of an issuance profile",
                          std::string(instead));
        if (!domain.issue.claims.emplace(format_claim_path(*path), *allowed(list.elements[i])).second)
            return refuse(file, name.mark, "the claim '" + name.text + "' stands here twice");
    }
    return {};
}

} // namespace

Status check_tenant_claims(const Domain& domain, document::Mark mark, const std::string& file) {
    const auto refused = [&](const std::string& claim, std::string_view instead) {
        return refuse(file, mark, "for a tenant (" + domain.name + ") the claim '" + claim + "' would be used twice",
                      std::string(instead));
    };
    for (const std::string* claim : {&domain.domain_claim, &domain.scope_claim}) {
        if (claim->empty()) continue;
        if (const auto instead = instead_of_carrier(domain, *claim); !instead.empty()) return refused(*claim, instead);
    }
    if (!domain.scope_claim.empty() && is_claim(domain.domain_claim, *parse_claim_path(domain.scope_claim)))
        return refused(domain.scope_claim, "it carries domain and scope");
    for (const auto& [name, allowed] : domain.issue.claims) {
        const auto path = parse_claim_path(name);
        if (!path) return fail(path.error());
        if (const auto instead = instead_of_issued(domain, *path); !instead.empty()) return refused(name, instead);
    }
    return {};
}

namespace {

Status bind_issue(const Node& node, const std::string& file, Domain& domain) {
    IssuanceProfile& profile = domain.issue;
    const Node* issue = node.find("issue");
    profile.declared = issue != nullptr || !domain.foreign;
    if (auto good = check_claim_names(node, file, domain); !good) return good;
    if (issue == nullptr) return {};
    if (const Node* n = issue->find("audiences"))
        profile.audiences = *allowed(*n);
    else if (domain.foreign)
        profile.audiences.kind = Allowed::Kind::any; // of somebody else's issuer it says nothing to leave them out
    if (const Node* n = issue->find("scopes")) {
        if (n->kind == Kind::array) {
            if (auto list = scopes(*n, file); !list) return fail(list.error());
        }
        profile.scopes = *allowed(*n);
    }
    if (const Node* n = issue->find("claims")) {
        if (auto good = bind_issued_claims(*n, file, domain); !good) return good;
    }
    set(*issue, "other_claims", profile.other_claims);
    if (const Node* n = issue->find("lifetime")) {
        profile.lifetime = span(*n);
        if (*profile.lifetime > domain.lifetime) {
            return refuse(file, n->mark, "tokens would be issued for longer than the domain accepts them",
                          "at most " + format_duration(domain.lifetime) + ", the domain's lifetime");
        }
    }
    return {};
}

// Scopes that a resource needs or a client has must be among those that can be issued.
Status check_scopes(const Node& list, const std::string& file, const Domain& domain, const char* of) {
    if (auto ok = scopes(list, file); !ok) return fail(ok.error());
    const Allowed& issued = domain.issue.scopes;
    if (issued.kind != Allowed::Kind::list) return {};
    for (const Node& scope : list.elements) {
        if (contains(issued.values, scope.text)) continue;
        std::string hint = schema::did_you_mean(scope.text, issued.values);
        if (hint.empty()) hint = "add it to issue: scopes, or no token can have it";
        return refuse(file, scope.mark, "the scope '" + scope.text + "' of " + of + " is not in issue: scopes",
                      std::move(hint));
    }
    return {};
}

Status bind_resource(const Node& node, const std::string& file, Domain& domain) {
    Resource resource;
    resource.uri = node.find("uri")->text;
    resource.where = place(file, node.find("uri")->mark);
    if (!is_absolute_uri(resource.uri)) {
        return refuse(file, node.find("uri")->mark, "'" + resource.uri + "' is not an absolute URI",
                      "begin it with https://");
    }
    for (const Resource& other : domain.resources) {
        if (other.uri != resource.uri) continue;
        return refuse(file, node.find("uri")->mark, "the resource " + resource.uri + " stands here twice",
                      "its first place is line " + std::to_string(other.where.line));
    }
    if (const Node* methods = node.find("methods")) {
        for (std::size_t i = 0; i < methods->names.size(); ++i) {
            if (auto ok = check_scopes(methods->elements[i], file, domain, "a resource"); !ok) return ok;
            resource.methods[methods->names[i].text] = texts(methods->elements[i]);
        }
    }
    set(node, "audiences", resource.audiences);
    domain.resources.push_back(std::move(resource));
    return {};
}

Status bind_client(const Node& node, const std::string& file, const std::string& name, Domain& domain) {
    Client client;
    client.confidential = node.find("type")->text == "confidential";
    set(node, "disabled", client.disabled);
    if (const Node* n = node.find("scopes")) {
        if (auto ok = check_scopes(*n, file, domain, "a client"); !ok) return ok;
        client.scopes = texts(*n);
    }
    if (const Node* n = node.find("audiences")) {
        const Allowed& issued = domain.issue.audiences;
        const auto& values = issued.kind == Allowed::Kind::list ? issued.values : domain.audiences;
        for (const Node& audience : n->elements) {
            if (issued.kind == Allowed::Kind::any || contains(values, audience.text)) continue;
            std::string hint = schema::did_you_mean(audience.text, values);
            if (hint.empty()) hint = "see issue: audiences";
            return refuse(file, audience.mark, "the audience '" + audience.text + "' of a client cannot be issued",
                          std::move(hint));
        }
        client.audiences = texts(*n);
    }
    domain.clients[name] = std::move(client);
    return {};
}

} // namespace

Result<Domain> prototype(const Node& node, const std::string& file) {
    Domain domain;
    domain.algorithms = {Algorithm::ES256};
    domain.types = {"at+jwt"};
    domain.required = {"iss", "aud", "exp", "iat", "sub", "jti"};
    domain.domain_claim = "domain";
    domain.scope_claim = "scope";
    if (auto ok = bind_claim_names(node, file, domain); !ok) return fail(ok.error());
    if (const Node* defaults = node.find("defaults")) {
        if (auto ok = bind_common(*defaults, file, domain); !ok) return fail(ok.error());
    }
    return domain;
}

Result<Domain> domain(const Node& node, const Domain& prototype, const std::string& file) {
    Domain domain = prototype;
    for (const auto step : {bind_name, bind_claim_names, bind_common, bind_issuer, bind_audiences, bind_issue}) {
        if (auto ok = step(node, file, domain); !ok) return fail(ok.error());
    }
    if (const Node* resources = node.find("resources")) {
        for (const Node& element : resources->elements) {
            if (auto ok = bind_resource(element, file, domain); !ok) return fail(ok.error());
        }
    }
    if (const Node* clients = node.find("clients")) {
        for (std::size_t i = 0; i < clients->names.size(); ++i) {
            if (auto ok = bind_client(clients->elements[i], file, clients->names[i].text, domain); !ok)
                return fail(ok.error());
        }
    }
    return domain;
}

} // namespace jwtdomain::policy::bind
