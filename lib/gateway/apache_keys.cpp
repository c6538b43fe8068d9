#include "jwtdomain/gateway/apache_keys.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/digits.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::apache {
namespace {

// The library below takes what the token's header names, if it fits the key; what the key says of itself is not read.
constexpr std::array<const char*, 14> kAlgorithms{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512",  "ES256",
                                                  "ES384", "ES512", "HS256", "HS384", "HS512", "ES256K", "EdDSA"};

constexpr std::int64_t kCachedFor = 300; // seconds, by default

Node with_algorithms(Node source, Mark at) {
    std::vector<Node> names;
    for (const char* const each : kAlgorithms) names.push_back(text(each, at));
    put(source, "algorithms", list(std::move(names), at));
    return source;
}

Node placed(const std::string& place, Mark at) {
    Node source = object(at);
    put(source, "jwks", text(has_variable(place) || place.empty() ? "keys that are named elsewhere" : place, at));
    return with_algorithms(std::move(source), at);
}

Node written(std::string keys, Mark at) { return with_algorithms(inline_keys(std::move(keys), at), at); }

Node unread(const char* what, Mark at) { return placed(what, at); }

Node secret(std::string_view octets, const std::string& kid, Mark at) {
    std::string key = R"({"keys":[{"kty":"oct","k":")" + base64url_encode(octets) + "\"";
    if (!kid.empty()) key += ",\"kid\":" + json::quote(kid);
    return written(key + "}]}", at);
}

bool from_hex(std::string_view written_octets, std::string& out) {
    for (std::size_t i = 0; i + 1 < written_octets.size(); i += 2) {
        const int octet = hex_octet(written_octets[i], written_octets[i + 1]);
        if (octet < 0) return false;
        out += static_cast<char>(octet);
    }
    return !out.empty();
}

// A key in one of the encodings of both modules.
Node encoded(const std::string& encoding, const std::string& value, const std::string& kid, Mark at) {
    if (has_variable(value)) return unread("a secret that is named elsewhere", at);
    std::string octets;
    const std::string kind = lower_case(encoding);
    if (kind == "plain") return secret(value, kid, at);
    const bool read = kind == "hex" ? from_hex(value, octets)
                      : kind == "base64" || kind == "base64url" || kind == "b64" || kind == "b64url"
                          ? base64_decode_lenient(value, octets)
                          : false;
    return read ? secret(octets, kid, at) : unread("a secret that cannot be read", at);
}

// [kid#]file
Node file_of(const std::string& word, Mark at) {
    const std::size_t hash = word.find('#');
    Node source = placed(hash == word.npos ? word : word.substr(hash + 1), at);
    if (hash != word.npos && hash > 0) put(source, "kid", text(word.substr(0, hash), at));
    return source;
}

// [encoding#][kid]#secret
Node shared_of(const std::string& word, Mark at) {
    if (has_variable(word)) return unread("a secret that is named elsewhere", at);
    const std::size_t first = word.find('#');
    if (first == word.npos) return secret(word, {}, at);
    const std::size_t second = word.find('#', first + 1);
    if (second == word.npos) return secret(word.substr(first + 1), word.substr(0, first), at);
    return encoded(word.substr(0, first), word.substr(second + 1), word.substr(first + 1, second - first - 1), at);
}

// Those of the host itself, or else of the server: a list is replaced as a whole.
std::vector<const Directive*> all_of(const Host& host, std::string_view name) {
    std::vector<const Directive*> own, of_server;
    for (std::size_t i = 0; i < host.common.size(); ++i) {
        if (host.common[i]->name == name) (i < host.of_server ? of_server : own).push_back(host.common[i]);
    }
    return own.empty() ? of_server : own;
}

void add_keys(const Host& host, Verification& out) {
    const auto each = [&](std::string_view name, auto make) {
        for (const Directive* directive : all_of(host, name)) {
            for (const std::string& word : words(directive->args)) out.keys.push_back(make(word, directive->mark));
        }
    };
    each("oidcoauthverifycertfiles", file_of);
    each("oidcoauthverifysharedkeys", shared_of);
    if (const Directive* uri = setting_of(host, "oidcoauthverifyjwksuri"))
        out.keys.push_back(placed(words(uri->args).empty() ? "" : words(uri->args).front(), uri->mark));
}

// OIDCOAuthVerifyIssuer and OIDCOAuthVerifyAudience, since 2.4.20.3: an older one does not start with them.
void add_identity(const Host& host, Verification& out) {
    if (const Directive* issuer = setting_of(host, "oidcoauthverifyissuer")) {
        std::string value = words(issuer->args).empty() ? "" : words(issuer->args).front();
        if (has_variable(value)) {
            out.dropped.push_back("OIDCOAuthVerifyIssuer, whose value is set elsewhere");
        } else {
            out.issuers.push_back(text(value, issuer->mark));
            value.ends_with('/') ? value.pop_back() : value.push_back('/'); // one at the end makes no difference
            if (!value.empty()) out.issuers.push_back(text(std::move(value), issuer->mark));
        }
        out.expiry = "required";
    }
    for (const Directive* directive : all_of(host, "oidcoauthverifyaudience")) {
        out.expiry = "required";
        if (has_variable(directive->args)) {
            out.dropped.push_back("OIDCOAuthVerifyAudience, whose value is set elsewhere");
            out.audiences.clear();
            return;
        }
        for (std::string& word : words(directive->args))
            out.audiences.push_back(text(std::move(word), directive->mark));
    }
}

void add_user(const Host& host, Verification& out) {
    const Directive* const directive = setting_of(host, "oidcoauthremoteuserclaim");
    const std::vector<std::string> all =
        directive == nullptr ? std::vector<std::string>{"sub"} : words(directive->args);
    if (all.empty() || has_variable(all.front()) || all.front().find('.') != std::string::npos)
        out.dropped.push_back("the claim of OIDCOAuthRemoteUserClaim");
    else
        out.required.push_back(all.front());
    if (all.size() > 1) out.dropped.push_back("the expression of OIDCOAuthRemoteUserClaim");
}

bool is_option(std::string_view name) {
    constexpr std::array<std::string_view, 16> kKnown{"kid",
                                                      "iss",
                                                      "aud",
                                                      "verify.iss",
                                                      "verify.aud",
                                                      "verify.exp",
                                                      "verify.iat",
                                                      "verify.nbf",
                                                      "verify.iat.slack_before",
                                                      "verify.iat.slack_after",
                                                      "type",
                                                      "verify.cache",
                                                      "expiry",
                                                      "mtls.policy",
                                                      "mtls.env_var_name",
                                                      "verify.slack"};
    const bool of_fetching = name.ends_with(".ssl_verify") || name.ends_with(".cache") || name.ends_with(".expiry") ||
                             name.ends_with(".outgoing_proxy") || name.ends_with(".http_timeout");
    return of_fetching || name.starts_with("dpop.") || std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end();
}

void read_option(const std::string& name, const std::string& value, Verification& out) {
    const std::string word = lower_case(value);
    if (name == "verify.exp" && (word == "skip" || word == "required"))
        out.expiry = word == "skip" ? "unchecked" : "required";
    else if (name == "verify.iat" && word == "required")
        out.required.push_back("iat");
    else if (name == "kid")
        out.kid_ignored = true; // it replaces that of the key
    else if (name == "iss" || name == "aud")
        out.dropped.push_back(name + "=, which liboauth2 before 2.3 does not know and passes over");
    else if (name == "type" && word != "bearer")
        out.dropped.push_back("type=" + word + ": the token is bound to a key of its client");
    else if (name == "verify.iat.slack_before")
        out.dropped.push_back("verify.iat.slack_before: how long ago it was issued");
    else if (!is_option(name))
        out.opaque = "OAuth2TokenVerify has an option that is not known here: " + name;
}

std::string cache_of(const std::string& name, const std::vector<const Directive*>& caches) {
    for (const Directive* directive : caches) {
        const std::vector<std::string> all = words(directive->args);
        std::string own = "default";
        for (const auto& [option, value] : options_of(all.size() > 1 ? all[1] : ""))
            own = option == "name" ? value : own;
        if (own == name && !all.empty() && lower_case(all.front()) != "shm")
            return "a store that several caches may have";
    }
    return name;
}

Node oauth2_keys(const std::string& type, const std::string& value, Mark at, Verification& out) {
    if (type == "jwk" && !has_variable(value)) return written("{\"keys\":[" + value + "]}", at);
    if ((type == "pem" || type == "pubkey") && !has_variable(value)) return written(value, at);
    if (type == "jwks_uri" || type == "eckey_uri") return placed(value, at);
    if (type == "plain" || type == "hex" || type == "base64" || type == "base64url")
        return encoded(type, value, {}, at);
    if (type == "jwk" || type == "pem" || type == "pubkey") return unread("keys that are named elsewhere", at);
    out.opaque = type == "introspect" || type == "metadata"
                     ? "tokens are verified by a server that is asked for each (OAuth2TokenVerify " + type + ")"
                     : "OAuth2TokenVerify of a type that is not known here";
    return unread("keys that are not known here", at);
}

} // namespace

const Directive* setting_of(const Host& host, std::string_view name) {
    const std::vector<const Directive*> all = all_of(host, name);
    return all.empty() ? nullptr : all.back();
}

Verification openidc_verification(const Host& host) {
    Verification out{.name = "mod_auth_openidc", .mark = host.mark, .negative_expiry = true};
    for (const std::string_view name : {"oidcoauthintrospectionendpoint", "oidcoauthservermetadataurl"}) {
        if (const Directive* directive = setting_of(host, name)) {
            out.opaque = name == "oidcoauthintrospectionendpoint"
                             ? "tokens are verified by a server that is asked for each (OIDCOAuthIntrospectionEndpoint)"
                             : "how tokens are verified is in what OIDCOAuthServerMetadataURL names";
            out.mark = directive->mark;
            return out;
        }
    }
    add_keys(host, out);
    add_identity(host, out);
    add_user(host, out);
    if (out.keys.empty()) out.opaque = "no keys of OIDCOAuthVerify... are named here";
    if (!out.keys.empty()) out.mark = out.keys.front().mark;
    if (const Directive* policy = setting_of(host, "oidcoauthaccesstokenbindingpolicy");
        policy != nullptr && lower_case(policy->args) != "disabled")
        out.dropped.push_back("OIDCOAuthAccessTokenBindingPolicy");
    return out;
}

Verification oauth2_verification(const Directive& token_verify, const std::vector<const Directive*>& caches) {
    const std::vector<std::string> all = words(token_verify.args);
    const std::string type = all.empty() ? "" : lower_case(all.front());
    Verification out{.name = "mod_oauth2 " + type, .mark = token_verify.mark};
    std::int64_t cached_for = kCachedFor;
    std::string cache = "default";
    for (const auto& [name, value] : options_of(all.size() > 2 ? all[2] : "")) {
        if (name == "expiry" && value.size() <= 9) cached_for = std::strtoll(value.c_str(), nullptr, 10);
        if (name == "verify.cache") cache = value;
        if (has_variable(name) || has_variable(value)) out.opaque = "options of OAuth2TokenVerify are set elsewhere";
        if (out.opaque.empty()) read_option(name, value, out);
    }
    out.cache = cache_of(cache, caches);
    out.leeway += std::max<std::int64_t>(cached_for, 0); // what was verified once is not looked at again so long
    if (all.size() > 3 || all.size() < 2) out.opaque = "OAuth2TokenVerify is not read here";
    out.keys.push_back(oauth2_keys(type, all.size() > 1 ? all[1] : "", token_verify.mark, out));
    return out;
}

std::vector<std::pair<std::string, std::string>> options_of(std::string_view written_options) {
    const auto decoded = [](std::string_view part) {
        std::string out;
        for (std::size_t i = 0; i < part.size(); ++i) {
            const int high = part[i] == '%' && i + 2 < part.size() ? hex_digit(part[i + 1]) : -1;
            const int low = high >= 0 ? hex_digit(part[i + 2]) : -1;
            if (low >= 0) i += 2;
            out += low >= 0 ? static_cast<char>(high * 16 + low) : part[i] == '+' ? ' ' : part[i];
        }
        return out;
    };
    std::vector<std::pair<std::string, std::string>> out;
    while (!written_options.empty()) {
        const std::size_t end = std::min(written_options.find('&'), written_options.size());
        const std::string_view part = written_options.substr(0, end);
        const std::size_t equals = std::min(part.find('='), part.size());
        if (!part.empty())
            out.emplace_back(decoded(part.substr(0, equals)), decoded(part.substr(std::min(equals + 1, part.size()))));
        written_options.remove_prefix(std::min(end + 1, written_options.size()));
    }
    return out;
}

} // namespace jwtdomain::gateway::apache
