// What changes the filters that the policies become: EnvoyFilter, WasmPlugin. What they do is not looked at; that they
// may do something to a token before it is verified, or to what verifies it, is enough.
#include "jwtdomain/gateway/istio_policy.h"
#include "jwtdomain/gateway/jwt_authn.h"

namespace jwtdomain::gateway::istio {
using document::Kind;

bool is_extension(const Node& document) {
    if (document.kind != Kind::object) return false;
    const std::string version = text_of(document.find("apiVersion")), kind = text_of(document.find("kind"));
    const Node* const spec = document.find("spec");
    if (!is(spec, Kind::object)) return false;
    if (version.starts_with("networking.istio.io/") && kind == "EnvoyFilter") return speaks_of_token_filters(*spec);
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
