// Hasura: the JSON of HASURA_GRAPHQL_JWT_SECRET by itself, or among the variables of its environment.
//
// By its own source (Hasura/Server/Auth/JWT.hs) and that of hs-jose: `type` says how the key is read, not which
// algorithm a token must have: any that fits the key will do, and so will any key of jwk_url, whatever the token's kid.
// iss and aud are compared where they are configured and the token has them: without them it passes. exp, nbf and iat
// are looked at where they are there, with allowed_skew. A token must have roles, below claims_namespace or by
// claims_map. With HASURA_GRAPHQL_UNAUTHORIZED_ROLE a request without a token has that role. With
// HASURA_GRAPHQL_JWT_SECRETS a token is verified by one of several. HASURA_GRAPHQL_AUTH_HOOK leaves it to another
// service.
#include <algorithm>
#include <array>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/environment.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;

constexpr std::string_view kVariables = "HASURA_GRAPHQL_";
constexpr std::array<std::string_view, 10> kTypes{"HS256", "HS384", "HS512", "RS256", "RS384",
                                                  "RS512", "ES256", "ES384", "ES512", "Ed25519"};

const std::initializer_list<std::string_view> kFields{
    "type",          "key",        "jwk_url",  "claims_namespace", "claims_namespace_path",
    "claims_format", "claims_map", "audience", "issuer",           "allowed_skew",
    "header"};

bool is_secret(const Node& node) {
    if (node.kind != Kind::object || !unknown_member(node, kFields).empty()) return false;
    const std::string type = text_of(node.find("type"));
    return node.find("jwk_url") != nullptr ||
           (node.find("key") != nullptr && std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end());
}

void mark_all(Node& node, Mark at) {
    node.mark = at;
    for (Node::Name& name : node.names) name.mark = at;
    for (Node& each : node.elements) mark_all(each, at);
}

Node hasura_algorithms(const std::string& type, Mark at) {
    std::vector<Node> out;
    const auto add = [&](std::initializer_list<const char*> names) {
        for (const char* name : names) out.push_back(text(name, at));
    };
    const bool all = std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end();
    if (all || type.starts_with("HS")) add({"HS256", "HS384", "HS512"});
    if (all || type.starts_with("RS")) add({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"});
    if (all || type.starts_with("ES")) add({"ES256", "ES384", "ES512", "ES256K"});
    if (all || type == "Ed25519") add({"EdDSA"});
    return list(std::move(out), at);
}

class SecretReader {
public:
    explicit SecretReader(const Node& secret) : secret_(secret), path_(object(secret.mark)) {}

    // Why it cannot be read; empty: it can.
    std::string read(Node& out) {
        if (secret_.kind != Kind::object) return "the secret is no object";
        if (const std::string what = unknown_member(secret_, kFields); !what.empty())
            return "the secret has a field that is not known here: " + plain_name(what);
        put(path_, "name", text("jwt", secret_.mark));
        put_keys();
        put_issuer();
        put_audience();
        put(path_, "expiry", text("optional", secret_.mark));
        put(path_, "not_before", text("checked", secret_.mark));
        put(path_, "issued_at", text("checked", secret_.mark));
        put_skew();
        put_roles();
        Node dialect = object(secret_.mark);
        put(dialect, "duplicates", text("first", secret_.mark));
        put(dialect, "base64", text("lenient", secret_.mark));
        put(dialect, "crit", text("ignored", secret_.mark));
        put(path_, "dialect", std::move(dialect));
        if (!dropped_.empty()) put(path_, "dropped", list(std::move(dropped_), secret_.mark));
        out = std::move(path_);
        return {};
    }

private:
    const Node* field(std::string_view name) const {
        const Node* const found = secret_.find(name);
        return found == nullptr || found->kind == Kind::null ? nullptr : found;
    }

    static bool is_said(const Node& value) {
        return value.kind == Kind::string && !value.text.empty() && !is_unresolved(value);
    }

    void drop(std::string why, Mark at) { dropped_.push_back(text(std::move(why), at)); }

    Node key_of(const std::string& type) const {
        const Node* const key = field("key");
        if (key == nullptr) return unread_keys("keys that are not said here", secret_.mark);
        if (key->kind != Kind::string || is_unresolved(*key))
            return unread_keys("a key that is put in later", key->mark);
        if (!type.starts_with("HS")) return inline_keys(key->text, key->mark);
        return inline_keys(R"({"keys":[{"kty":"oct","k":")" + base64url_encode(key->text) + "\"}]}", key->mark);
    }

    void put_keys() {
        const Node* const url = field("jwk_url");
        const std::string type = url != nullptr ? "" : text_of(field("type"));
        const Mark at = url != nullptr ? url->mark : secret_.mark;
        const Node algorithms = hasura_algorithms(type, at);
        put(path_, "keys", used_for(url != nullptr ? keys_at(*url) : key_of(type), algorithms));
        put(path_, "kid", text("ignored", at));
        put(path_, "algorithms", algorithms);
    }

    void put_issuer() {
        const Node* const issuer = field("issuer");
        const bool known = issuer != nullptr && is_said(*issuer);
        put(path_, "issuer", known ? one_of({*issuer}, issuer->mark) : text("any", secret_.mark));
        put(path_, "issuer_optional", flag(true, issuer != nullptr ? issuer->mark : secret_.mark));
        if (issuer != nullptr && !known) drop("issuer: it is empty, or put in later", issuer->mark);
    }

    void put_audience() {
        const Node* const audience = field("audience");
        if (audience == nullptr) return put(path_, "audience", text("any", secret_.mark));
        std::vector<Node> names = audience->kind == Kind::array ? audience->elements : std::vector{*audience};
        const bool known = !names.empty() && std::all_of(names.begin(), names.end(), is_said);
        if (!known) {
            put(path_, "audience", text("any", audience->mark));
            return drop("audience: one of them is empty, or put in later", audience->mark);
        }
        Node rule = object(audience->mark);
        put(rule, "any_of", one_of(std::move(names), audience->mark));
        put(rule, "optional", flag(true, audience->mark));
        put(path_, "audience", std::move(rule));
    }

    void put_skew() {
        const Node* const skew = field("allowed_skew");
        std::int64_t value = skew == nullptr ? 0 : 100'000'000; // of what is not read here: three years
        if (is(skew, Kind::integer) && skew->integer > -value && skew->integer < value)
            value = skew->integer < 0 ? -skew->integer : skew->integer;
        else if (skew != nullptr)
            drop("allowed_skew: it is not read here", skew->mark);
        put(path_, "leeway", number(value, skew != nullptr ? skew->mark : secret_.mark));
    }

    // An object with roles, or a text that is one in JSON.
    void put_roles() {
        const Node* const space = field("claims_namespace");
        const bool elsewhere = field("claims_namespace_path") != nullptr || field("claims_map") != nullptr ||
                               (space != nullptr && (space->kind != Kind::string || is_unresolved(*space)));
        const std::string name = space == nullptr ? "https://hasura.io/jwt/claims" : text_of(space);
        Node claims = object(secret_.mark);
        const std::string free = elsewhere ? "" : free_claim_name(claims, {name});
        if (free.empty()) return drop("claims_map: that the token has roles", secret_.mark);
        Node present = object(secret_.mark);
        put(present, "present", flag(true, secret_.mark));
        put(claims, free, std::move(present));
        put(path_, "claims", std::move(claims));
    }

    const Node& secret_;
    Node path_;
    std::vector<Node> dropped_ = {};
};

void read_secrets(const std::string& name, const std::vector<const Node*>& secrets, Mark at, Verifiers& out) {
    std::vector<Node> paths;
    for (const Node* each : secrets) {
        Node path;
        if (const std::string why = SecretReader(*each).read(path); !why.empty()) {
            out.push_back(opaque(name, why, each->mark));
            return;
        }
        paths.push_back(std::move(path));
    }
    out.push_back(paths.empty() ? nothing_accepted(name, at) : guarded(name, std::move(paths), at));
}

// One in JSON, or a list of them.
void read_text(const std::string& name, const Node& written, Verifiers& out) {
    if (written.kind != Kind::string || is_unresolved(written)) {
        out.push_back(opaque(name, "its secret is put in later", written.mark));
        return;
    }
    auto parsed = document::parse_json(written.text, "secret.json");
    if (!parsed) {
        out.push_back(opaque(name, "its secret is no JSON that can be read", written.mark));
        return;
    }
    mark_all(*parsed, written.mark);
    std::vector<const Node*> all;
    if (parsed->kind != Kind::array) all.push_back(&*parsed);
    for (const Node& each : parsed->elements) {
        if (parsed->kind == Kind::array) all.push_back(&each);
    }
    read_secrets(name, all, written.mark, out);
}

bool is_server(const Environment& environment) {
    return environment.values.find("HASURA_GRAPHQL_JWT_SECRET") != nullptr ||
           environment.values.find("HASURA_GRAPHQL_JWT_SECRETS") != nullptr ||
           environment.values.find("HASURA_GRAPHQL_AUTH_HOOK") != nullptr ||
           environment.values.find("HASURA_GRAPHQL_UNAUTHORIZED_ROLE") != nullptr;
}

void read_server(const std::string& prefix, const Environment& server, Verifiers& out) {
    const Node* const role = variable(server, "HASURA_GRAPHQL_UNAUTHORIZED_ROLE");
    const std::string without = prefix + "requests without a token";
    if (role != nullptr && role->kind == Kind::string && !is_unresolved(*role))
        out.push_back(open(without,
                           "they have the role " + plain_name(role->text) + " (HASURA_GRAPHQL_UNAUTHORIZED_ROLE)",
                           role->mark));
    else if (role != nullptr || server.partial)
        out.push_back(opaque(without, "whether there is a HASURA_GRAPHQL_UNAUTHORIZED_ROLE is said elsewhere",
                             role != nullptr ? role->mark : server.mark));
    if (const Node* const hook = variable(server, "HASURA_GRAPHQL_AUTH_HOOK"))
        out.push_back(
            opaque(prefix + "requests",
                   "an external service decides (HASURA_GRAPHQL_AUTH_HOOK), and what it accepts is not written"
                   " here",
                   hook->mark));
    bool some = false;
    for (const char* name : {"HASURA_GRAPHQL_JWT_SECRET", "HASURA_GRAPHQL_JWT_SECRETS"}) {
        const Node* const secret = variable(server, name);
        if (secret != nullptr) read_text(prefix + (some ? "further tokens" : "tokens"), *secret, out);
        some = some || secret != nullptr;
    }
    if (!some && variable(server, "HASURA_GRAPHQL_AUTH_HOOK") == nullptr)
        out.push_back(opaque(prefix + "tokens", "its secret is said elsewhere", server.mark));
}

std::vector<Node> secrets_of_text(const Source& source, std::uint32_t number) {
    const auto stands = [&](std::string_view word) { return source.text.find(word) != std::string::npos; };
    if (!stands("jwk_url") && std::none_of(kTypes.begin(), kTypes.end(), stands)) return {};
    auto parsed = document::parse_stream(source.text, source.file, number);
    return parsed ? std::move(*parsed) : std::vector<Node>();
}

bool has_secret(const Node& document) {
    return is_secret(document) || (document.kind == Kind::array && !document.elements.empty() &&
                                   std::all_of(document.elements.begin(), document.elements.end(), is_secret));
}

void read_hasura_source(const Source& source, std::uint32_t number, bool named, Verifiers& out) {
    const std::string file = named ? plain_name(source.file) + ": " : "";
    for (const Environment& each : environments_of(source, number, kVariables)) {
        if (is_server(each)) read_server(each.name.empty() ? file : plain_name(each.name) + ": ", each, out);
    }
    for (const Node& each : secrets_of_text(source, number)) {
        if (!has_secret(each)) continue;
        out.push_back(opaque(file + "requests without a token",
                             "whether there is a HASURA_GRAPHQL_UNAUTHORIZED_ROLE is said elsewhere", each.mark));
        std::vector<const Node*> all;
        if (each.kind != Kind::array) all.push_back(&each);
        for (const Node& one : each.elements) {
            if (each.kind == Kind::array) all.push_back(&one);
        }
        read_secrets(file + "tokens", all, each.mark, out);
    }
}

} // namespace

bool recognises_hasura(const Content& content) {
    return std::any_of(content.sources.begin(), content.sources.end(), [](const Source& source) {
        const std::vector<Environment> environments = environments_of(source, 0, kVariables);
        if (std::any_of(environments.begin(), environments.end(), is_server)) return true;
        const std::vector<Node> documents = secrets_of_text(source, 0);
        return std::any_of(documents.begin(), documents.end(), has_secret);
    });
}

Verifiers read_hasura(const Content& content) {
    Verifiers out;
    for (std::uint32_t i = 0; i < content.sources.size(); ++i)
        read_hasura_source(content.sources[i], i, content.sources.size() > 1, out);
    return out;
}

} // namespace jwtdomain::gateway
