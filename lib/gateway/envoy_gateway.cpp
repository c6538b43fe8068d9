// Envoy Gateway: SecurityPolicy (gateway.envoyproxy.io/v1alpha1), with HTTPRoute, GRPCRoute and Gateway beside it.
//
// By its own source (internal/gatewayapi, internal/xds/translator): the providers of a policy become those of Envoy's
// filter jwt_authn, any of which suffices; its rules those of the filter rbac, the first of which that matches decides,
// and without authorization there are none. The most specific policy of a route holds alone: one of a route that says
// nothing of tokens takes those of its gateway away.
#include <algorithm>

#include "jwtdomain/gateway/envoy_gateway_attach.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/jwt_authn.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;
using kubernetes::is_there;

constexpr std::string_view kGroup = "gateway.envoyproxy.io";

bool is_ours(const Node& document, std::string_view kind) { return kubernetes::is_object(document, kGroup, kind); }

// Headers that are put in before any filter sees the request.
bool puts_headers(const Node* spec) {
    const Node* const early = member(member(spec, "headers"), "earlyRequestHeaders");
    if (!is_there(early)) return false;
    return early->kind != Kind::object || !unknown_member(*early, {"remove", "removeOnMatch"}).empty();
}

// What stands beside policies and may change what they do; empty: nothing.
std::string extension(const Node& document, const Selection& selection, bool rules) {
    const Node* const spec = member(&document, "spec");
    if (is_ours(document, "EnvoyPatchPolicy")) return "it changes the configuration of the proxy in ways of its own";
    if (is_ours(document, "EnvoyProxy") && is_there(member(spec, "filterOrder")) &&
        speaks_of_token_filters(*member(spec, "filterOrder")))
        return "it changes the order of the filters that look at tokens";
    if (!kubernetes::may_be_in(kubernetes::namespace_of(document), selection.name_space)) return {};
    if (is_ours(document, "ClientTrafficPolicy") && puts_headers(spec))
        return "it puts headers into requests before tokens are looked for";
    if (is_ours(document, "EnvoyExtensionPolicy") && rules)
        return "its extensions run before authorization, and may change what that looks at";
    return {};
}

} // namespace

bool recognises_envoy_gateway(const Content& content) {
    return std::any_of(content.documents.begin(), content.documents.end(), envoy_gateway::is_policy);
}

Verifiers read_envoy_gateway(const Content& content) {
    Verifiers out;
    const envoy_gateway::Objects objects = envoy_gateway::read_objects(content.documents);
    if (objects.policies.empty()) return out;
    envoy_gateway::read_attached(objects, content.selection, out);
    const bool rules = std::any_of(objects.policies.begin(), objects.policies.end(),
                                   [](const auto& policy) { return is_there(policy.spec.find("authorization")); });
    for (const Node& document : content.documents) {
        const std::string why = extension(document, content.selection, rules);
        if (why.empty()) continue;
        const std::string name = text_of(document.find("kind")) + " " + kubernetes::name_of(document);
        out.push_back(opaque(plain_name(name), why, document.mark));
    }
    return out;
}

} // namespace jwtdomain::gateway
