// Contour: HTTPProxy (projectcontour.io/v1).
//
// By its own source (internal/dag, internal/xdscache, internal/envoy): each provider of a virtual host becomes one of
// the filter jwt_authn, on the TLS listener only; a route asks for the provider that it requires, else for the default
// one, else for none. External authorization comes after it. What a proxy includes has the providers of the root.
#include "jwtdomain/gateway/contour_routes.h"
#include "jwtdomain/gateway/importers.h"

namespace jwtdomain::gateway {

bool recognises_contour(const Content& content) {
    for (const Node& document : content.documents) {
        if (contour::is_proxy(document)) return true;
    }
    return false;
}

Verifiers read_contour(const Content& content) {
    Verifiers out;
    contour::read_proxies(content.documents, content.selection, out);
    return out;
}

} // namespace jwtdomain::gateway
