// What changes the filters that the policies become: EnvoyFilter, WasmPlugin. What they do is not looked at; that they
// may do something to a token before it is verified, or to what verifies it, is enough.
#include <algorithm>
#include <array>

#include "jwtdomain/gateway/istio_policy.h"

namespace jwtdomain::gateway::istio {
namespace {

using document::Kind;

constexpr std::array<std::string_view, 8> kFilters{"jwt_authn", "rbac", "ext_authz", "ext_proc",
                                                   "lua",       "wasm", "golang",    "header_mutation"};

bool speaks_of_filters(const Node& node) {
    const auto is_named = [&](std::string_view name) { return node.text.find(name) != std::string::npos; };
    if (node.kind == Kind::string && std::any_of(kFilters.begin(), kFilters.end(), is_named)) return true;
    return std::any_of(node.elements.begin(), node.elements.end(), speaks_of_filters);
}

} // namespace

bool is_extension(const Node& document) {
    if (document.kind != Kind::object) return false;
    const std::string version = text_of(document.find("apiVersion")), kind = text_of(document.find("kind"));
    const Node* const spec = document.find("spec");
    if (!is(spec, Kind::object)) return false;
    if (version.starts_with("networking.istio.io/") && kind == "EnvoyFilter") return speaks_of_filters(*spec);
    return version.starts_with("extensions.istio.io/") && kind == "WasmPlugin" &&
           text_of(spec->find("phase")) == "AUTHN";
}

Policy read_extension(const Node& document) {
    Policy out{.kind = Policy::Kind::custom, .extension = true, .mark = document.mark};
    read_metadata(document, out);
    const Node* const spec = document.find("spec");
    read_attachment(spec, out);
    // EnvoyFilter's own way to write a selector.
    if (const Node* const selector = spec->find("workloadSelector"); is(selector, Kind::object)) {
        Node as_usual = object(selector->mark);
        if (const Node* const labels = selector->find("labels")) put(as_usual, "matchLabels", *labels);
        read_selector(as_usual, out);
    }
    out.not_known = "it changes the filters of the proxy";
    return out;
}

} // namespace jwtdomain::gateway::istio
