// The API server of Kubernetes: AuthenticationConfiguration (apiserver.config.k8s.io/v1alpha1, v1beta1, v1).
//
// By its source (apiserver's plugin oidc, go-oidc 2): each entry of jwt[] has its own issuer, which is compared exactly
// and must be there; keys come from that issuer's metadata, which must name it; RS, ES and PS, whatever a key says of
// its algorithm; a token without kid is tried with every key; exp is required and has no leeway, nbf has a minute.
// Claims are asked for by rules, and by the mappings that cannot do without them. Certificates and the tokens of
// service accounts, which flags decide on, are no part of it.
#include <algorithm>
#include <array>

#include "jwtdomain/gateway/go_oidc.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/kube_claims.h"
#include "jwtdomain/gateway/nodes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;

constexpr std::string_view kGroup = "apiserver.config.k8s.io/";
constexpr std::string_view kName = "kube-apiserver";
constexpr std::int64_t kLeeway = 60; // of nbf; more than exp has

bool is_configuration(const Node& document) {
    return document.kind == Kind::object && text_of(document.find("apiVersion")).starts_with(kGroup) &&
           text_of(document.find("kind")) == "AuthenticationConfiguration";
}

// What one entry of jwt[] comes to: paths, or why it is not known.
struct Entry {
    std::vector<Node> paths = {};
    std::string opaque = {};
};

class Authenticator {
public:
    explicit Authenticator(const Node& node) : node_(node) {}

    Entry read() {
        if (node_.kind != Kind::object) return {.opaque = "an authenticator that is no object"};
        if (const std::string what =
                unknown_member(node_, {"issuer", "claimValidationRules", "claimMappings", "userValidationRules"});
            !what.empty())
            return {.opaque = "an authenticator has a field that is not known here: " + what};
        const Node* const issuer = node_.find("issuer");
        if (!is(issuer, Kind::object)) return {.opaque = "an authenticator without issuer"};
        if (const std::string what =
                unknown_member(*issuer, {"url", "discoveryURL", "certificateAuthority", "audiences",
                                         "audienceMatchPolicy", "egressSelectorType"});
            !what.empty())
            return {.opaque = "an issuer has a field that is not known here: " + what};
        const std::string policy = text_of(issuer->find("audienceMatchPolicy"));
        if (!policy.empty() && policy != "MatchAny")
            return {.opaque = "an audienceMatchPolicy that is not known here: " + plain_name(policy)};
        return read(*issuer);
    }

private:
    Entry read(const Node& issuer) {
        const Node* const url = issuer.find("url");
        const Node* const audiences = issuer.find("audiences");
        if (url == nullptr || text_of(url).empty()) {
            if (url == nullptr || !is_unresolved(*url)) return {.opaque = "an issuer without url"};
        }
        if (!is(audiences, Kind::array) || audiences->elements.empty()) {
            if (audiences == nullptr || !is_unresolved(*audiences)) return {.opaque = "an issuer without audiences"};
        }
        for (const Node& each : audiences->elements) {
            if (text_of(&each).empty() && !is_unresolved(each)) return {.opaque = "an audience that is no text"};
        }
        Node path = object(node_.mark);
        put(path, "name", text(is_unresolved(*url) ? "an issuer that is put in later" : text_of(url), url->mark));
        put(path, "keys", keys_of(issuer, *url));
        put(path, "kid", text("hint", node_.mark));
        put(path, "algorithms", algorithms());
        put_issuer(*url, path);
        put_audiences(*audiences, path);
        put(path, "expiry", text("required", node_.mark));
        put(path, "not_before", text("checked", node_.mark));
        put(path, "leeway", number(kLeeway, node_.mark));
        put(path, "dialect", go_oidc::dialect(node_.mark, {"iss", "aud", "exp", "nbf"}));
        return with_claims(std::move(path));
    }

    Node algorithms() const {
        std::vector<Node> out;
        for (const char* name : {"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"})
            out.push_back(text(name, node_.mark));
        return list(std::move(out), node_.mark);
    }

    Node keys_of(const Node& issuer, const Node& url) const {
        const Node* const discovery = issuer.find("discoveryURL");
        const bool elsewhere = discovery != nullptr && (is_unresolved(*discovery) || !text_of(discovery).empty());
        return used_for(elsewhere ? keys_at(*discovery) : discovered_keys(url), algorithms());
    }

    void put_issuer(const Node& url, Node& path) {
        if (is_unresolved(url)) {
            dropped_.push_back(text("issuer.url: it is put in later", url.mark));
            put(path, "issuer", text("any", url.mark));
            put(path, "issuer_optional", flag(false, url.mark));
            return;
        }
        put(path, "issuer", go_oidc::issuers(url));
    }

    void put_audiences(const Node& audiences, Node& path) {
        const bool unresolved =
            is_unresolved(audiences) || std::any_of(audiences.elements.begin(), audiences.elements.end(),
                                                    [](const Node& each) { return is_unresolved(each); });
        if (unresolved) {
            dropped_.push_back(text("issuer.audiences: they are put in later", audiences.mark));
            put(path, "audience", text("any", audiences.mark));
            return;
        }
        std::vector<Node> values;
        for (const Node& each : audiences.elements) values.push_back(text(text_of(&each), each.mark));
        Node rule = object(audiences.mark);
        put(rule, "any_of", one_of(std::move(values), audiences.mark));
        put(path, "audience", std::move(rule));
    }

    Entry with_claims(Node path) {
        Entry out;
        std::optional<Node> longest_life;
        for (Node& claims : kube::claims_of(node_, dropped_, longest_life)) {
            Node one = path;
            if (longest_life) put(one, "longest_life", *longest_life);
            if (!claims.names.empty()) put(one, "claims", std::move(claims));
            if (!dropped_.empty()) put(one, "dropped", list(dropped_, node_.mark));
            out.paths.push_back(std::move(one));
        }
        return out;
    }

    const Node& node_;
    std::vector<Node> dropped_ = {};
};

void read_anonymous(const Node& anonymous, Verifiers& out) {
    const std::string name(kName);
    const Node* const enabled = member(&anonymous, "enabled");
    if (enabled != nullptr && enabled->kind == Kind::boolean && !enabled->truth) return;
    if (enabled == nullptr && anonymous.kind == Kind::null) return;
    if (!is(enabled, Kind::boolean) || !unknown_member(anonymous, {"enabled", "conditions"}).empty()) {
        out.push_back(
            opaque(name + ": anonymous", "what is said of anonymous requests is not known here", anonymous.mark));
        return;
    }
    const char* const why = "a request without a token passes as system:anonymous";
    const Node* const conditions = anonymous.find("conditions");
    if (!is(conditions, Kind::array) || conditions->elements.empty()) {
        out.push_back(open(name + ": anonymous", why, enabled->mark));
        return;
    }
    for (const Node& each : conditions->elements)
        out.push_back(open(name + ": " + plain_name(text_of(member(&each, "path"))), why, each.mark));
}

void read_configuration(const Node& document, Verifiers& out) {
    constexpr std::size_t kMostPaths = 10'000;
    const std::string version = text_of(document.find("apiVersion")).substr(kGroup.size());
    const std::string what = unknown_member(document, {"apiVersion", "kind", "metadata", "jwt", "anonymous"});
    const bool known = version == "v1alpha1" || version == "v1beta1" || version == "v1";
    const Node* const jwt = document.find("jwt");
    if (!known || !what.empty() || (jwt != nullptr && jwt->kind != Kind::array && jwt->kind != Kind::null)) {
        const std::string why = !known ? "its version " + plain_name(version) : what.empty() ? "jwt" : what;
        out.push_back(opaque(std::string(kName), "something in it is not known here: " + why, document.mark));
        return;
    }
    std::vector<Node> paths;
    for (std::size_t i = 0; jwt != nullptr && i < jwt->elements.size(); ++i) {
        Entry entry = Authenticator(jwt->elements[i]).read();
        if (paths.size() + entry.paths.size() > kMostPaths) entry.opaque = "it comes to more than 10000 paths";
        if (!entry.opaque.empty()) {
            out.push_back(opaque(std::string(kName), entry.opaque, jwt->elements[i].mark));
            return;
        }
        std::move(entry.paths.begin(), entry.paths.end(), std::back_inserter(paths));
    }
    if (const Node* const anonymous = document.find("anonymous")) read_anonymous(*anonymous, out);
    if (!paths.empty())
        out.push_back(guarded(std::string(kName), std::move(paths), document.mark));
    else if (out.empty())
        out.push_back(nothing_accepted(std::string(kName), document.mark));
}

} // namespace

bool recognises_kube_apiserver(const Content& content) {
    return std::any_of(content.documents.begin(), content.documents.end(), is_configuration);
}

Verifiers read_kube_apiserver(const Content& content) {
    Verifiers out;
    for (const Node& document : content.documents) {
        if (is_configuration(document)) read_configuration(document, out);
    }
    return out;
}

} // namespace jwtdomain::gateway
