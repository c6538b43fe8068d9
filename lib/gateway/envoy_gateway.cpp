// TODO: whose configuration this is, which versions, and where its meaning is known from.
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;

bool is_ours(const Node& document) { return is(document.find("envoy-gateway"), Kind::object); }

} // namespace

bool recognises_envoy_gateway(const Content& content) {
    for (const Node& each : content.documents) {
        if (is_ours(each)) return true;
    }
    return false;
}

Verifiers read_envoy_gateway(const Content& content) {
    Verifiers out;
    for (const Node& each : content.documents) {
        if (is_ours(each)) out.push_back(opaque("envoy-gateway", "what it accepts is not read yet", each.mark));
    }
    return out;
}

} // namespace jwtdomain::gateway
