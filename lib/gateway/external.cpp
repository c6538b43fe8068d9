// Requests that another service decides on: an Ingress of ingress-nginx or HAProxy Ingress with the annotation
// auth-url, a Middleware of Traefik with forwardAuth; and a KongPlugin that authenticates, by credentials that stand in
// Secrets. What is accepted stands elsewhere, so nothing is proved of it.
#include <algorithm>
#include <array>

#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/nodes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;

constexpr std::array<std::string_view, 3> kAnnotations{
    "nginx.ingress.kubernetes.io/auth-url", "haproxy-ingress.github.io/auth-url", "ingress.kubernetes.io/auth-url"};

bool is_plugin(const std::string& kind) { return kind == "KongPlugin" || kind == "KongClusterPlugin"; }

// What names the service; nullptr: none does.
const Node* authorizer(const Node& document) {
    const std::string kind = document.kind == Kind::object ? text_of(document.find("kind")) : "";
    if (kind == "Middleware") return member(document.find("spec"), "forwardAuth");
    if (is_plugin(kind)) {
        constexpr std::array<std::string_view, 4> kTokens{"jwt", "openid-connect", "oauth2", "oauth2-introspection"};
        const Node* const plugin = document.find("plugin");
        return std::find(kTokens.begin(), kTokens.end(), text_of(plugin)) != kTokens.end() ? plugin : nullptr;
    }
    if (kind != "Ingress") return nullptr;
    const Node* const annotations = member(document.find("metadata"), "annotations");
    for (const std::string_view name : kAnnotations) {
        if (const Node* const found = member(annotations, name)) return found;
    }
    return nullptr;
}

// What has no rules, or a rule without a host, is for every host.
bool can_reach(const Node& document, const std::string& host) {
    const Node* const rules = member(document.find("spec"), "rules");
    if (!is(rules, Kind::array) || rules->elements.empty() ||
        member(document.find("spec"), "defaultBackend") != nullptr)
        return true;
    return std::any_of(rules->elements.begin(), rules->elements.end(),
                       [&](const Node& rule) { return kubernetes::serves(text_of(member(&rule, "host")), host); });
}

bool is_selected(const Node& document, const Selection& selection) {
    if (!kubernetes::may_be_in(kubernetes::namespace_of(document), selection.name_space)) return false;
    return selection.host.empty() || can_reach(document, selection.host);
}

} // namespace

bool recognises_external(const Content& content) {
    return std::any_of(content.documents.begin(), content.documents.end(),
                       [](const Node& document) { return authorizer(document) != nullptr; });
}

Verifiers read_external(const Content& content) {
    Verifiers out;
    for (const Node& document : content.documents) {
        const Node* const found = authorizer(document);
        if (found == nullptr || !is_selected(document, content.selection)) continue;
        const std::string name =
            text_of(document.find("kind")) + " " + text_of(member(document.find("metadata"), "name"));
        const char* const why = is_plugin(text_of(document.find("kind")))
                                    ? "its credentials stand in Secrets, and its routes in annotations, which are not"
                                      " read here: a declarative file of the same says them"
                                    : "an external service decides, and what it accepts is not written here";
        out.push_back(opaque(plain_name(name), why, found->mark));
    }
    return out;
}

} // namespace jwtdomain::gateway
