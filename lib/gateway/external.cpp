// Requests that another service decides on: an Ingress of ingress-nginx or HAProxy Ingress with the annotation
// auth-url, a Middleware of Traefik with forwardAuth. What that service accepts stands elsewhere, so nothing is proved
// of it.
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

// What names the service; nullptr: none does.
const Node* authorizer(const Node& document) {
    const std::string kind = document.kind == Kind::object ? text_of(document.find("kind")) : "";
    if (kind == "Middleware") return member(document.find("spec"), "forwardAuth");
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
        out.push_back(opaque(plain_name(name), "an external service decides, and what it accepts is not written here",
                             found->mark));
    }
    return out;
}

} // namespace jwtdomain::gateway
