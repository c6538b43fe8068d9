// jsonwebtoken, verify(token, key, options), version 9, and express-jwt, version 8, which hands its options to it.
//
// By its source: options that JavaScript takes for false are not given; exp and nbf are looked at where they are there.
// An issuer that is neither a string nor a list is not compared at all. A RegExp among the audiences is asked for what
// stands in aud as text, and so for the word "undefined" where there is no aud. A clockTolerance that is a string is
// appended to the digits of exp, which then is centuries away. Without algorithms the key's kind decides; a public key
// is never taken for a secret. What a key says of its own algorithm and use is not looked at, nor is crit.
// express-jwt's onExpired is called before issuer, audience and the rest are compared, and lets the request pass unless
// it throws.
#include <cmath>
#include <cstdlib>

#include "jwtdomain/gateway/node_path.h"

namespace jwtdomain::gateway::javascript {
namespace {

using document::Kind;

const Algorithms& all_algorithms() {
    static const Algorithms names =
        joined({rsa_algorithms(), {"ES256", "ES384", "ES512"}, {"HS256", "HS384", "HS512"}});
    return names;
}

void read_times(const Node& options, Path& path) {
    const auto at = [&](const Node* option) { return option != nullptr ? option->mark : options.mark; };
    const Node *const ignores = options.find("ignoreExpiration"), *const early = options.find("ignoreNotBefore"),
                      *const tolerance = options.find("clockTolerance");
    if (is_truthy(ignores)) path.say("expiry", "unchecked", at(ignores));
    if (is_truthy(early)) path.say("not_before", "unchecked", at(early));
    if (!is_truthy(tolerance)) return;
    const bool numeric = tolerance->kind == Kind::integer || tolerance->kind == Kind::real;
    const double seconds = std::ceil(std::strtod(text_of(tolerance).c_str(), nullptr));
    constexpr double kMost = 1e9;
    if (numeric && seconds <= kMost) {
        if (seconds > 0) path.leeway(static_cast<std::int64_t>(seconds), tolerance->mark);
        return;
    }
    path.say("expiry", "unchecked", tolerance->mark);
    path.say("not_before", "unchecked", tolerance->mark);
}

void read_issuer(const Node& options, Path& path, Guard& guard) {
    const Node* const issuer = options.find("issuer");
    const bool compared = is_truthy(issuer) && (issuer->kind == Kind::string || issuer->kind == Kind::array);
    if (!compared) return path.any_issuer(false, false, issuer != nullptr ? issuer->mark : options.mark);
    const Language allowed = language_of(*issuer);
    if (allowed.empty()) return guard.refuse("an empty list of issuers takes nothing", issuer->mark);
    path.issuer(allowed, allowed.unread.empty(), issuer->mark);
}

void read_audience(const Node& options, Path& path, Guard& guard) {
    const Node* const audience = options.find("audience");
    if (!is_truthy(audience)) return;
    const Language allowed = language_of(*audience, {.expressions = true});
    if (allowed.empty()) return guard.refuse("an empty list of audiences takes nothing", audience->mark);
    path.audience(allowed, !allowed.matches_undefined, audience->mark);
}

void read_claims(const Node& options, Path& path, Guard& guard) {
    read_times(options, path);
    read_issuer(options, path, guard);
    read_audience(options, path, guard);
    constexpr struct {
        const char *option, *claim;
    } kEqual[] = {{"subject", "sub"}, {"jwtid", "jti"}, {"nonce", "nonce"}};
    for (const auto& each : kEqual) {
        const Node* const option = options.find(each.option);
        if (!is_truthy(option)) continue;
        if (option->kind == Kind::string)
            path.claim(each.claim, language_of(*option), true, option->mark);
        else
            path.drop(each.option, "a value that is not a string", option->mark);
    }
    if (const Node* const age = options.find("maxAge"); is_truthy(age)) {
        path.require("iat", age->mark);
        path.drop("maxAge", "how long ago a token was issued", age->mark);
    }
}

// A string of algorithms is searched for the token's, as a list is.
std::optional<Listed> read_algorithms(const Node* option, Guard& guard) {
    if (!is_truthy(option)) return Listed{all_algorithms(), false};
    if (option->kind != Kind::string) return algorithms_of(*option, all_algorithms(), guard);
    Listed out;
    for (const std::string& name : all_algorithms()) {
        if (option->text.find(name) != std::string::npos) out.names.push_back(name);
    }
    out.none = option->text.find("none") != std::string::npos;
    if (is_placeholder(option->text) || (out.names.empty() && !out.none)) {
        guard.refuse("algorithms that are not read here", option->mark);
        return std::nullopt;
    }
    return out;
}

bool put_signing(const Service& service, const Node* secret, Path& path, Guard& guard) {
    const Node* const option = service.options.find("algorithms");
    const auto listed = read_algorithms(option, guard);
    if (!listed) return false;
    const Mark at = option != nullptr ? option->mark : service.options.mark;
    const Keys keys = keys_of(service, secret);
    if (listed->none && keys.none) { // without a key what is not signed passes
        path.put("keys", text("none", at));
        path.drop("algorithms", "that a token has no signature, where there is no key", at);
        return true;
    }
    if (listed->names.empty()) {
        guard.refuse("there are keys, and no algorithm that they could be used with, so that it takes nothing", at);
        return false;
    }
    put_keys(path, service, used_for(keys, listed->names, at), "ignored");
    if (listed->none) {
        path.dialect("none", "accepted");
        path.drop("algorithms", "that none is refused where there is a key", at);
    }
    return true;
}

constexpr const char* kInvalidTypes = "allowInvalidAsymmetricKeyTypes";

bool check_options(const Node& options, const std::string& unknown, Guard& guard) {
    if (!unknown.empty())
        guard.refuse("an option that is not known here: " + unknown, options.mark);
    else if (is_truthy(options.find("clockTimestamp")))
        guard.refuse("a clock that stands still (clockTimestamp)", options.mark);
    else if (is_truthy(options.find(kInvalidTypes)))
        guard.refuse("keys are taken with algorithms that are not theirs (allowInvalidAsymmetricKeyTypes)",
                     options.mark);
    return guard.opaque.empty();
}

// Expired, it is asked for its signature and its nbf alone.
void add_expired(const Service& service, const Node* secret, Guard& guard) {
    const Node* const handler = service.options.find("onExpired");
    if (!is_truthy(handler)) return;
    Path path("onExpired", handler->mark);
    path.any_issuer(false, false, handler->mark);
    path.say("expiry", "unchecked", handler->mark);
    path.drop("onExpired", "that the token is expired, and what it refuses", handler->mark);
    if (is_truthy(service.options.find("ignoreNotBefore")) || is(service.options.find("clockTolerance"), Kind::string))
        path.say("not_before", "unchecked", handler->mark);
    path.dialect("crit", "ignored");
    if (put_signing(service, secret, path, guard)) guard.paths.push_back(std::move(path).done());
}

Guard read_verify(const Service& service, const char* name, const Node* secret) {
    Guard guard;
    Path path(name, service.options.mark);
    path.dialect("crit", "ignored");
    read_claims(service.options, path, guard);
    if (!put_signing(service, secret, path, guard)) return guard;
    if (const Node* const revoked = service.options.find("isRevoked"); is_truthy(revoked))
        path.drop("isRevoked", "what it refuses", revoked->mark);
    guard.paths.push_back(std::move(path).done());
    return guard;
}

} // namespace

Guard read_jsonwebtoken(const Service& service) {
    Guard guard;
    const std::string unknown =
        unknown_member(service.options,
                       {"algorithms", "audience", "complete", "issuer", "jwtid", "ignoreExpiration", "ignoreNotBefore",
                        "subject", "clockTolerance", "maxAge", "clockTimestamp", "nonce", kInvalidTypes});
    if (!check_options(service.options, unknown, guard)) return guard;
    return read_verify(service, "verify", nullptr);
}

Guard read_express_jwt(const Service& service) {
    Guard guard;
    const Node& options = service.options;
    const std::string unknown = unknown_member(
        options, {"secret", "getToken", "isRevoked", "credentialsRequired", "requestProperty", "onExpired",
                  "algorithms", "audience", "complete", "issuer", "jwtid", "ignoreExpiration", "ignoreNotBefore",
                  "subject", "clockTolerance", "maxAge", "clockTimestamp", "nonce", kInvalidTypes});
    if (!check_options(options, unknown, guard)) return guard;
    if (const Node* const required = options.find("credentialsRequired"); required != nullptr && !is_truthy(required)) {
        guard.let_pass("a request without a token passes (credentialsRequired: false)", required->mark);
        return guard;
    }
    if (!is(options.find("algorithms"), Kind::array)) {
        guard.refuse("express-jwt does not start without a list of algorithms", options.mark);
        return guard;
    }
    const Node* const secret = options.find("secret");
    guard = read_verify(service, "expressjwt", secret);
    if (guard.opaque.empty()) add_expired(service, secret, guard);
    return guard;
}

} // namespace jwtdomain::gateway::javascript
