// What the plugins jwt-auth and openid-connect accept.
#include "jwtdomain/gateway/apisix.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::apisix {
namespace {

using document::Kind;

constexpr std::int64_t kLongest = 100'000'000; // of a leeway: three years
constexpr std::size_t kMostConsumers = 1000;   // on a route

constexpr std::array<std::string_view, 13> kAlgorithms{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256",
                                                       "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA"};

Node lua_dialect(Mark at, bool any_issuer) {
    Node out = object(at);
    put(out, "duplicates", text("last", at));
    put(out, "base64", text("lenient", at));
    put(out, "crit", text("ignored", at));
    if (any_issuer) put(out, "issuer_array", text("accepted", at));
    return out;
}

Node secret_of(const Node* secret, const Node* encoded, Mark at) {
    if (!is_there(secret)) return unread_keys("a secret that is not said here", at);
    const bool base64 = is(encoded, Kind::boolean) && encoded->truth;
    const bool plain = encoded == nullptr || encoded->kind == Kind::null || (encoded->kind == Kind::boolean && !base64);
    std::string octets = secret->text;
    if (secret->kind != Kind::string || is_elsewhere(*secret) || (!base64 && !plain) ||
        (base64 && !base64_decode_lenient(secret->text, octets)))
        return unread_keys("a secret that is put in later", secret->mark);
    return inline_keys(R"({"keys":[{"kty":"oct","k":")" + base64url_encode(octets) + "\"}]}", secret->mark);
}

Node pem_of(const Node* key, Mark at) {
    if (!is_there(key)) return unread_keys("a key that is not said here", at);
    if (key->kind != Kind::string || is_elsewhere(*key)) return unread_keys("a key that is put in later", key->mark);
    return inline_keys(key->text, key->mark);
}

// A consumer's own jwt-auth, on a route with that of the plugin.
class Credential {
public:
    Credential(const Consumer& consumer, const Node& plugin, std::vector<Node> dropped)
        : node_(*consumer.plugin), plugin_(plugin), path_(object(node_.mark)), dropped_(std::move(dropped)) {
        put(path_, "name", text("consumer " + plain_name(consumer.name), node_.mark));
    }

    void read(std::vector<Node>& out) {
        if (!put_keys()) return; // of an algorithm that there is not
        put(path_, "kid", text("ignored", node_.mark));
        put(path_, "audience", text("any", plugin_.mark));
        put_times();
        put_choice();
        if (!dropped_.empty()) put(path_, "dropped", list(std::move(dropped_), plugin_.mark));
        out.push_back(std::move(path_));
    }

private:
    // False: it verifies nothing.
    bool put_keys() {
        const Node* const named = node_.find("algorithm");
        const bool later = is_there(named) && is_elsewhere(*named);
        const std::string algorithm = is_there(named) ? text_of(named) : "HS256";
        const Mark at = named != nullptr ? named->mark : node_.mark;
        std::vector<Node> names;
        for (const std::string_view each : kAlgorithms) {
            if (later || each == algorithm) names.push_back(text(std::string(each), at));
        }
        if (names.empty()) return false;
        Node source = later ? unread_keys("a key whose algorithm is put in later", at)
                      : algorithm.starts_with("HS")
                          ? secret_of(node_.find("secret"), node_.find("base64_secret"), node_.mark)
                          : pem_of(node_.find("public_key"), node_.mark);
        put(path_, "keys", used_for(std::move(source), list(names, at)));
        put(path_, "algorithms", list(std::move(names), at));
        return true;
    }

    void put_times() {
        const Node* const verified = plugin_.find("claims_to_verify");
        const Mark at = verified != nullptr ? verified->mark : plugin_.mark;
        const bool some = is(verified, Kind::array) && !verified->elements.empty();
        const bool later = verified != nullptr && verified->kind != Kind::null && verified->kind != Kind::array;
        const auto has = [&](const char* claim) {
            return verified != nullptr && some &&
                   std::any_of(verified->elements.begin(), verified->elements.end(),
                               [&](const Node& each) { return text_of(&each) == claim; });
        };
        put(path_, "expiry", text(has("exp") ? "required" : some || later ? "unchecked" : "optional", at));
        if (has("nbf") || (!some && !later)) put(path_, "not_before", text("checked", at));
        if (has("nbf")) put(path_, "required", list({text("nbf", at)}, at));
        if (later) dropped_.push_back(text("claims_to_verify: it is put in later", at));
        const Node* const grace = node_.find("lifetime_grace_period");
        const bool known =
            grace == nullptr || (grace->kind == Kind::integer && grace->integer >= 0 && grace->integer < kLongest);
        put(path_, "leeway", number(grace == nullptr ? 1 : known ? grace->integer + 1 : kLongest, node_.mark));
        if (!known) dropped_.push_back(text("lifetime_grace_period: it is not read here", grace->mark));
    }

    // The claim that picks the consumer.
    void put_choice() {
        const Node* const named = plugin_.find("key_claim_name");
        const Node* const key = node_.find("key");
        const std::string claim = is_there(named) ? text_of(named) : "key";
        const bool known = is_there(key) && !is_elsewhere(*key) && (named == nullptr || !is_elsewhere(*named));
        Node value = text(text_of(key), key != nullptr ? key->mark : node_.mark);
        if (known && claim == "iss") {
            put(path_, "dialect", lua_dialect(plugin_.mark, false));
            put(path_, "issuer", one_of({std::move(value)}, key->mark));
            return;
        }
        put(path_, "dialect", lua_dialect(plugin_.mark, true));
        put(path_, "issuer", text("any", plugin_.mark));
        Node claims = object(plugin_.mark), is_value = object(value.mark);
        const std::string name = known ? free_claim_name(claims, {claim}) : "";
        if (name.empty()) {
            dropped_.push_back(text("key_claim_name: which token is of the consumer is put in later", plugin_.mark));
            return;
        }
        put(is_value, "in", list({std::move(value)}, key->mark));
        put(claims, name, std::move(is_value));
        put(path_, "claims", std::move(claims));
    }

    const Node& node_;
    const Node& plugin_;
    Node path_;
    std::vector<Node> dropped_;
};

const std::initializer_list<std::string_view> kOpenid{"client_id",
                                                      "client_secret",
                                                      "discovery",
                                                      "scope",
                                                      "ssl_verify",
                                                      "timeout",
                                                      "bearer_only",
                                                      "session",
                                                      "realm",
                                                      "claim_validator",
                                                      "logout_path",
                                                      "redirect_uri",
                                                      "unauth_action",
                                                      "public_key",
                                                      "use_jwks",
                                                      "required_scopes",
                                                      "claim_schema",
                                                      "token_signing_alg_values_expected",
                                                      "use_pkce",
                                                      "post_logout_redirect_uri",
                                                      "introspection_endpoint",
                                                      "jwk_expires_in",
                                                      "token_endpoint_auth_method",
                                                      "introspection_endpoint_auth_method",
                                                      "use_nonce",
                                                      "set_access_token_header",
                                                      "access_token_in_authorization_header",
                                                      "iat_slack",
                                                      "set_id_token_header",
                                                      "set_raw_id_token_header",
                                                      "cache_segment",
                                                      "set_userinfo_header",
                                                      "set_refresh_token_header",
                                                      "proxy_opts",
                                                      "accept_none_alg",
                                                      "accept_unsupported_alg",
                                                      "_meta",
                                                      "session_contents",
                                                      "jwt_verification_cache_ignore",
                                                      "force_reauthorize",
                                                      "access_token_expires_leeway",
                                                      "renew_access_token_on_expiry"};

class Openid {
public:
    Openid(const Node& plugin, std::vector<Node> dropped)
        : node_(plugin), path_(object(plugin.mark)), dropped_(std::move(dropped)) {}

    Accepted read() {
        put(path_, "name", text("openid-connect", node_.mark));
        put_keys();
        put_issuer();
        put_audience();
        put(path_, "expiry", text("unchecked", node_.mark));
        drop("exp: that it is not past, where it is there, with iat_slack", node_.mark);
        put_scopes();
        if (is_there(node_.find("claim_schema")))
            drop("claim_schema: there are no words for it", node_.find("claim_schema")->mark);
        put(path_, "dropped", list(std::move(dropped_), node_.mark));
        return {.paths = {std::move(path_)}};
    }

private:
    void drop(std::string why, Mark at) { dropped_.push_back(text(std::move(why), at)); }

    void put_keys() {
        const Node *const key = node_.find("public_key"), *const place = node_.find("discovery");
        const Node* const named = node_.find("token_signing_alg_values_expected");
        std::vector<Node> names;
        for (const std::string_view each : kAlgorithms) {
            const bool expected =
                !is_there(named) || is_elsewhere(*named) || named->kind != Kind::string || named->text == each;
            if (expected && !each.starts_with("HS") && each != "EdDSA")
                names.push_back(text(std::string(each), node_.mark));
        }
        if (names.empty()) names.push_back(text("EdDSA", node_.mark)); // which it knows no key for
        Node source = is_there(key)     ? pem_of(key, node_.mark)
                      : is_there(place) ? is_elsewhere(*place)
                                              ? unread_keys("keys at a place that is put in later", place->mark)
                                              : keys_at(*place)
                                        : unread_keys("keys that are not said here (discovery)", node_.mark);
        put(path_, "keys", used_for(std::move(source), list(names, node_.mark)));
        put(path_, "kid", text("hint", node_.mark));
        put(path_, "algorithms", list(std::move(names), node_.mark));
    }

    void put_issuer() {
        const Node* const all = member(member(node_.find("claim_validator"), "issuer"), "valid_issuers");
        const bool known = is(all, Kind::array) && !all->elements.empty() &&
                           std::all_of(all->elements.begin(), all->elements.end(), [](const Node& each) {
                               return each.kind == Kind::string && !each.text.empty() && !is_elsewhere(each);
                           });
        put(path_, "dialect", lua_dialect(node_.mark, !known));
        put(path_, "issuer", known ? one_of(all->elements, all->mark) : text("any", node_.mark));
        if (known) return;
        drop(all != nullptr ? "claim_validator.issuer: it is put in later"
                            : "claim_validator.issuer: that it is the issuer which the metadata of discovery names",
             all != nullptr ? all->mark : node_.mark);
    }

    void put_audience() {
        const Node* const rules = member(node_.find("claim_validator"), "audience");
        const Node *const match = member(rules, "match_with_client_id"), *const needed = member(rules, "required");
        const Node *const claim = member(rules, "claim"), *const client = node_.find("client_id");
        put(path_, "audience", text("any", node_.mark));
        const bool asked = rules != nullptr && (is_there(match) || is_there(needed));
        const bool usual = !is_there(claim) || text_of(claim) == "aud";
        if (!asked || (is(match, Kind::boolean) && !match->truth && !(is(needed, Kind::boolean) && needed->truth)))
            return;
        const bool matches = is(match, Kind::boolean) && match->truth && is_there(client) && !is_elsewhere(*client);
        if (!usual || !matches) return drop("claim_validator.audience: there are no words for it", rules->mark);
        Node rule = object(match->mark);
        put(rule, "any_of", one_of({text(text_of(client), client->mark)}, client->mark));
        // Some versions let a token pass that has none.
        if (!(is(needed, Kind::boolean) && needed->truth)) put(rule, "optional", flag(true, match->mark));
        put(path_, "audience", std::move(rule));
    }

    void put_scopes() {
        const Node* const scopes = node_.find("required_scopes");
        if (!is_there(scopes)) return;
        const bool known = scopes->kind == Kind::array &&
                           std::all_of(scopes->elements.begin(), scopes->elements.end(), [](const Node& each) {
                               return each.kind == Kind::string && !each.text.empty() && !is_elsewhere(each);
                           });
        if (!known) return drop("required_scopes: they are put in later", scopes->mark);
        if (scopes->elements.empty()) return;
        Node test = object(scopes->mark), claims = object(scopes->mark);
        put(test, "has_all", *scopes);
        put(test, "shape", text("words", scopes->mark));
        put(test, "role", text("scope", scopes->mark));
        put(claims, "scope", std::move(test));
        put(path_, "claims", std::move(claims));
    }

    const Node& node_;
    Node path_;
    std::vector<Node> dropped_;
};

// What has no signature is not looked at any further.
Node unsigned_path(Mark at) {
    Node out = object(at);
    put(out, "name", text("without a signature", at));
    put(out, "keys", text("none", at));
    put(out, "issuer", text("any", at));
    put(out, "audience", text("any", at));
    put(out, "expiry", text("unchecked", at));
    Node dialect = lua_dialect(at, true);
    put(dialect, "none", text("accepted", at));
    put(out, "dialect", std::move(dialect));
    return out;
}

} // namespace

bool is_elsewhere(const Node& value) {
    return is_unresolved(value) ||
           (value.kind == Kind::string && value.text.starts_with('$') && value.text.find("://") != std::string::npos);
}

bool is_there(const Node* value) {
    return value != nullptr && value->kind != Kind::null && (value->kind != Kind::string || !value->text.empty());
}

Accepted jwt_auth(const Node& plugin, const std::vector<Consumer>& consumers, const std::vector<Node>& dropped) {
    Accepted out{.at = plugin.mark};
    if (const std::string what =
            unknown_member(plugin, {"header", "query", "cookie", "hide_credentials", "key_claim_name", "store_in_ctx",
                                    "realm", "anonymous_consumer", "claims_to_verify", "_meta"});
        !what.empty())
        out.opaque = "jwt-auth has a setting that is not known here: " + plain_name(what);
    if (consumers.empty()) out.opaque = "which consumers there are is not said here";
    if (consumers.size() > kMostConsumers) out.opaque = "its consumers come to too many paths";
    for (const Consumer& each : consumers) {
        if (!out.opaque.empty()) return out;
        if (const std::string what =
                unknown_member(*each.plugin, {"key", "secret", "public_key", "private_key", "algorithm", "exp",
                                              "base64_secret", "lifetime_grace_period", "_meta"});
            !what.empty() || each.plugin->kind != Kind::object) {
            out.opaque = "the jwt-auth of a consumer is not read here: " + plain_name(what);
            out.at = each.plugin->mark;
            return out;
        }
        Credential(each, plugin, dropped).read(out.paths);
    }
    return out;
}

Accepted openid_connect(const Node& plugin, const std::vector<Node>& dropped) {
    if (const std::string what = unknown_member(plugin, kOpenid); !what.empty())
        return {.opaque = "openid-connect has a setting that is not known here: " + plain_name(what),
                .at = plugin.mark};
    const Node* const none = plugin.find("accept_none_alg");
    if (is_there(none) && none->kind != Kind::boolean)
        return {.opaque = "accept_none_alg is put in later", .at = none->mark};
    Accepted out = Openid(plugin, dropped).read();
    if (is(none, Kind::boolean) && none->truth) out.paths.push_back(unsigned_path(none->mark));
    return out;
}

} // namespace jwtdomain::gateway::apisix
