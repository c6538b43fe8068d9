// What the middleware accepts.
#include <algorithm>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/golang_jwt.h"
#include "jwtdomain/gateway/traefik_hub.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::traefik_hub {
namespace {

using document::Kind;

const std::initializer_list<std::string_view> kFields{
    "signingSecret",  "signingSecretBase64Encoded", "publicKey", "jwksFile",      "jwksUrl",       "trustedIssuers",
    "forwardHeaders", "stripAuthorizationHeader",   "tokenKey",  "tokenQueryKey", "usernameClaim", "clientConfig",
    "claims"};

bool is_there(const Node* value) {
    return value != nullptr && value->kind != Kind::null && (value->kind != Kind::string || !value->text.empty());
}

class Middleware {
public:
    explicit Middleware(const Node& jwt) : jwt_(jwt) { out_.at = jwt.mark; }

    Accepted read() && {
        if (jwt_.kind != Kind::object || is_unresolved(jwt_)) {
            out_.opaque = "the configuration of jwt is put in later";
            return std::move(out_);
        }
        if (const std::string what = unknown_member(jwt_, kFields); !what.empty()) {
            out_.opaque = "jwt has a field that is not known here: " + plain_name(what);
            return std::move(out_);
        }
        const Node *const secret = jwt_.find("signingSecret"), *const key = jwt_.find("publicKey");
        const Node *const file = jwt_.find("jwksFile"), *const url = jwt_.find("jwksUrl");
        if (is_there(secret)) add("signingSecret", secret_of(*secret), nullptr);
        if (is_there(key)) add("publicKey", used_for(text_or_unread(*key), asymmetric(key->mark)), nullptr);
        if (is_there(file)) add("jwksFile", used_for(file_of(*file), asymmetric(file->mark)), nullptr);
        if (is_there(url)) add("jwksUrl", used_for(place_of(*url), asymmetric(url->mark)), nullptr);
        if (is_there(jwt_.find("trustedIssuers"))) trusted(*jwt_.find("trustedIssuers"));
        out_.by_issuer = (is_there(key) || is_there(secret)) && !is_there(file) && !is_there(url) &&
                         !is_there(jwt_.find("trustedIssuers"));
        return std::move(out_);
    }

private:
    static Node asymmetric(Mark at) {
        Node out = golang_jwt::algorithms(at, true);
        std::erase_if(out.elements, [](const Node& each) { return each.text.starts_with("HS"); });
        return out;
    }

    // urn:k8s:secret:NAME:KEY names one of a Secret's.
    static bool is_elsewhere(const Node& value) {
        return value.kind != Kind::string || is_unresolved(value) || value.text.starts_with("urn:");
    }

    static Node text_or_unread(const Node& value) {
        return is_elsewhere(value) ? unread_keys("a key that is put in later", value.mark)
                                   : inline_keys(value.text, value.mark);
    }

    Node secret_of(const Node& secret) const {
        const Node* const encoded = jwt_.find("signingSecretBase64Encoded");
        const bool base64 = encoded != nullptr && encoded->kind == Kind::boolean && encoded->truth;
        const bool plain =
            encoded == nullptr || encoded->kind == Kind::null || (encoded->kind == Kind::boolean && !base64);
        Node algorithms = golang_jwt::algorithms(secret.mark, false);
        std::erase_if(algorithms.elements, [](const Node& each) { return !each.text.starts_with("HS"); });
        std::string octets = secret.text;
        if (is_elsewhere(secret) || (!base64 && !plain) || (base64 && !base64_decode_lenient(secret.text, octets)))
            return used_for(unread_keys("a secret that is put in later", secret.mark), std::move(algorithms));
        return used_for(inline_keys(R"({"keys":[{"kty":"oct","k":")" + base64url_encode(octets) + "\"}]}", secret.mark),
                        std::move(algorithms));
    }

    static Node file_of(const Node& file) {
        if (is_elsewhere(file)) return unread_keys("keys that are put in later", file.mark);
        if (trimmed(file.text).starts_with('{')) return inline_keys(file.text, file.mark);
        const bool path =
            file.text.find_first_of("{}") == std::string::npos && file.text.find("://") == std::string::npos;
        return path ? text(file.text, file.mark) : unread_keys("keys of a file that is none", file.mark);
    }

    // A path is one below the host of the token's iss.
    static Node place_of(const Node& url) {
        const bool path = url.kind == Kind::string && url.text.starts_with('/') && !is_unresolved(url) &&
                          url.text.find_first_of("{}") == std::string::npos;
        return path ? text("{iss}" + url.text, url.mark) : keys_at(url);
    }

    void trusted(const Node& all) {
        if (all.kind != Kind::array) {
            out_.opaque = "trustedIssuers is no list";
            return;
        }
        for (const Node& each : all.elements) {
            const Node *const issuer = member(&each, "issuer"), *const url = member(&each, "jwksUrl");
            if (each.kind != Kind::object || !is_there(url) || !unknown_member(each, {"issuer", "jwksUrl"}).empty()) {
                out_.opaque = "one of trustedIssuers is not read here";
                return;
            }
            add("trusted issuer", used_for(place_of(*url), asymmetric(url->mark)), is_there(issuer) ? issuer : nullptr);
        }
    }

    void add(const char* name, Node source, const Node* issuer) {
        std::vector<Node> dropped;
        const Mark at = source.mark;
        Node path = object(at);
        put(path, "name", text(name, at));
        put(path, "algorithms", *source.find("algorithms"));
        put(path, "keys", std::move(source));
        put(path, "kid",
            text(name == std::string_view("signingSecret") || name == std::string_view("publicKey") ? "ignored"
                                                                                                    : "must_match",
                 at));
        const bool known = issuer != nullptr && issuer->kind == Kind::string && !is_unresolved(*issuer);
        put(path, "issuer", known ? one_of({*issuer}, issuer->mark) : text("any", jwt_.mark));
        if (issuer != nullptr && !known) dropped.push_back(text("trustedIssuers: it is put in later", issuer->mark));
        put(path, "audience", text("any", jwt_.mark));
        golang_jwt::put_reading(path, jwt_.mark);
        if (is_there(jwt_.find("claims"))) put_claims(*jwt_.find("claims"), path, dropped);
        if (text_of(path.find("issuer")) == "any") {
            Node dialect = *path.find("dialect");
            put(dialect, "issuer_array", text("accepted", jwt_.mark));
            put(path, "dialect", std::move(dialect));
        }
        if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), jwt_.mark));
        out_.paths.push_back(std::move(path));
    }

    const Node& jwt_;
    Accepted out_ = {};
};

} // namespace

Accepted accepted_by(const Node& jwt) { return Middleware(jwt).read(); }

} // namespace jwtdomain::gateway::traefik_hub
