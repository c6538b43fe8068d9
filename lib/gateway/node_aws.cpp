// aws-jwt-verify, JwtVerifier.create(options) and CognitoJwtVerifier.create(options), version 5.
//
// By its source: the key is that of the token's kid, which it must have; alg of the key binds, where it is there; what
// is null is not compared, and what is not given must be given to verify(). exp and nbf are looked at where they are
// there, iss and aud must be of their type, crit and typ are not looked at. scope is a list of which one is enough. A
// user pool has two issuers, each with keys of its own; aud is compared in identity tokens, client_id in access tokens.
#include <cmath>
#include <cstdlib>

#include "jwtdomain/gateway/node_path.h"

namespace jwtdomain::gateway::javascript {
namespace {

using document::Kind;

constexpr std::size_t kMostPaths = 10'000;

bool is_null(const Node* option) { return is(option, Kind::null); }

const Algorithms& algorithms() {
    static const Algorithms names{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA"};
    return names;
}

// What both verifiers have in common.
Path common(const Service& service, const Node& options, const std::string& name, const Node& place, Guard& guard) {
    Path path(name, options.mark);
    const Keys keys = service.beside("keys") != nullptr ? keys_of(service) : keys_at(place);
    put_algorithms(path, algorithms(), options.mark);
    put_keys(path, service, keys, "must_match");
    path.dialect("crit", "ignored");
    const Node* const grace = options.find("graceSeconds");
    const double seconds = std::ceil(std::strtod(text_of(grace).c_str(), nullptr));
    constexpr double kMost = 1e9;
    const bool numeric =
        grace == nullptr || grace->kind == Kind::integer || grace->kind == Kind::real || is_null(grace);
    if (!numeric || seconds < 0 || seconds > kMost)
        guard.refuse("graceSeconds that are not read here", grace->mark);
    else // the second in which a token expires is still a good one
        path.leeway(1 + static_cast<std::int64_t>(seconds), grace != nullptr ? grace->mark : options.mark);
    if (const Node* const scope = options.find("scope"); scope != nullptr && scope->kind != Kind::null) {
        const Language words = language_of(*scope);
        if (words.empty())
            guard.refuse("an empty list of scopes takes nothing", scope->mark);
        else
            path.claim("scope", words, true, scope->mark, "has_any", "words");
    }
    if (const Node* const check = options.find("customJwtCheck"); is_truthy(check))
        path.drop("customJwtCheck", "what it refuses", check->mark);
    return path;
}

// By the rule of JwtVerifier; text that is no URL has no keys.
std::string jwks_of_issuer(std::string issuer) {
    const std::size_t scheme = issuer.find("://");
    const std::size_t cut = issuer.find_first_of("?#", scheme == std::string::npos ? 0 : scheme + 3);
    if (cut != std::string::npos) issuer.resize(cut);
    if (issuer.ends_with("/")) issuer.pop_back();
    return issuer + "/.well-known/jwks.json";
}

void read_generic(const Service& service, const Node& options, Guard& guard) {
    const std::string unknown = unknown_member(
        options, {"issuer", "audience", "scope", "graceSeconds", "customJwtCheck", "jwksUri", "includeRawJwtInErrors"});
    if (!unknown.empty())
        return guard.refuse("an option of JwtVerifier that is not known here: " + unknown, options.mark);
    const Node *const issuer = options.find("issuer"), *const audience = options.find("audience"),
                      *const place = options.find("jwksUri");
    const Node by_issuer = text(is(issuer, Kind::string) ? jwks_of_issuer(issuer->text) : std::string(),
                                issuer != nullptr ? issuer->mark : options.mark);
    Path path = common(service, options, is(issuer, Kind::string) && is_truthy(issuer) ? issuer->text : "JwtVerifier",
                       is_truthy(place) ? *place : by_issuer, guard);
    if (is_null(issuer) || issuer == nullptr) {
        path.any_issuer(false, true, issuer != nullptr ? issuer->mark : options.mark);
        if (issuer == nullptr) path.drop("issuer", "it must be given to verify()", options.mark);
    } else if (const Language allowed = language_of(*issuer); allowed.empty()) {
        guard.refuse("an empty list of issuers takes nothing", issuer->mark);
    } else {
        path.issuer(allowed, true, issuer->mark);
    }
    if (audience == nullptr) {
        path.drop("audience", "it must be given to verify()", options.mark);
    } else if (!is_null(audience)) {
        const Language allowed = language_of(*audience);
        if (allowed.empty()) return guard.refuse("an empty list of audiences takes nothing", audience->mark);
        path.audience(allowed, true, audience->mark);
    }
    guard.paths.push_back(std::move(path).done());
}

// --- User pools ---------------------------------------------------------------------------------------------------

class Pool {
public:
    Pool(const Service& service, const Node& options, Guard& guard)
        : service_(service), options_(options), guard_(guard) {}

    void read() {
        const std::string unknown =
            unknown_member(options_, {"userPoolId", "tokenUse", "clientId", "groups", "scope", "graceSeconds",
                                      "customJwtCheck", "includeRawJwtInErrors"});
        if (!unknown.empty())
            return guard_.refuse("an option of CognitoJwtVerifier that is not known here: " + unknown, options_.mark);
        const Node* const pool = options_.find("userPoolId");
        if (!is(pool, Kind::string)) return guard_.refuse("a user pool without its id", options_.mark);
        for (const char* host : {"https://cognito-idp.", "https://issuer-cognito-idp."}) {
            for (const char* use : {"id", "access"}) {
                if (has(use)) add(host, *pool, use);
            }
        }
    }

private:
    bool has(const std::string& use) const {
        const Node* const wanted = options_.find("tokenUse");
        return !is(wanted, Kind::string) || wanted->text == use || is_placeholder(wanted->text);
    }

    void add(const char* host, const Node& pool, const char* use) {
        const bool unread = is_placeholder(pool.text);
        const std::string issuer = host + pool.text.substr(0, pool.text.find('_')) + ".amazonaws.com/" + pool.text;
        const Node place = text(unread ? pool.text : issuer + "/.well-known/jwks.json", pool.mark);
        Path path = common(service_, options_, std::string(use) + " tokens of " + issuer, place, guard_);
        const Node named = text(unread ? pool.text : issuer, pool.mark);
        path.issuer(language_of(named), true, pool.mark);
        path.claim("token_use", language_of(text(use, pool.mark)), true, pool.mark);
        put_client(use, path);
        const Node* const groups = options_.find("groups");
        if (groups != nullptr && groups->kind != Kind::null) {
            const Language allowed = language_of(*groups);
            if (allowed.empty()) return guard_.refuse("an empty list of groups takes nothing", groups->mark);
            path.claim("cognito:groups", allowed, true, groups->mark, "has_any");
        }
        guard_.paths.push_back(std::move(path).done());
    }

    void put_client(const std::string& use, Path& path) {
        const Node* const client = options_.find("clientId");
        if (client == nullptr) return path.drop("clientId", "it must be given to verify()", options_.mark);
        if (is_null(client)) return;
        const Language allowed = language_of(*client);
        if (allowed.empty()) return guard_.refuse("an empty list of clients takes nothing", client->mark);
        if (use == "id")
            path.audience(allowed, true, client->mark, true);
        else
            path.claim("client_id", allowed, true, client->mark);
    }

    const Service& service_;
    const Node& options_;
    Guard& guard_;
};

} // namespace

Guard read_aws_jwt_verify(const Service& service) {
    Guard guard;
    const Node& options = service.options;
    const Node* const begin = options.kind == Kind::array ? options.elements.data() : &options;
    const std::size_t count = options.kind == Kind::array ? options.elements.size() : 1;
    if (count == 0) guard.refuse("an empty list of issuers, with which it does not start", options.mark);
    const Node* const verifier = service.beside("verifier");
    for (const Node* each = begin; each != begin + count; ++each) {
        if (each->kind != Kind::object) guard.refuse("options that are not an object", each->mark);
        if (guard.paths.size() > kMostPaths) guard.refuse("its options come to more than 10000 paths", options.mark);
        if (!guard.opaque.empty()) break;
        const bool pool =
            verifier != nullptr ? text_of(verifier) == "CognitoJwtVerifier" : each->find("userPoolId") != nullptr;
        if (pool)
            Pool(service, *each, guard).read();
        else
            read_generic(service, *each, guard);
    }
    return guard;
}

} // namespace jwtdomain::gateway::javascript
