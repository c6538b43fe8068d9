// Istio: RequestAuthentication and AuthorizationPolicy (security.istio.io/v1, v1beta1).
//
// By istiod's own source (pilot/pkg/security, pilot/pkg/model): the JWT rules of all RequestAuthentication that are
// attached to a workload become one filter jwt_authn, in which a token that is missing passes; each AuthorizationPolicy
// becomes rules of the filter rbac. Policies of the root namespace are attached everywhere. What is annotated as a dry
// run is only recorded. Documents without a namespace are taken to be of one namespace.
#include <algorithm>

#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/istio_entries.h"
#include "jwtdomain/gateway/istio_policy.h"
#include "jwtdomain/gateway/istio_workload.h"

namespace jwtdomain::gateway {

bool recognises_istio(const Content& content) {
    return std::any_of(content.documents.begin(), content.documents.end(), istio::is_policy);
}

Verifiers read_istio(const Content& content) {
    std::vector<istio::Policy> policies;
    for (const Node& document : content.documents) {
        if (istio::is_policy(document)) policies.push_back(istio::read_policy(document));
        if (istio::is_extension(document)) policies.push_back(istio::read_extension(document));
    }
    Verifiers out;
    std::size_t made = 0;
    const std::string root = istio::root_namespace(content.documents);
    for (const istio::Workload& workload : istio::workloads(policies, root, content.selection))
        istio::read_workload(workload, content.selection.host, made, out);
    return out;
}

} // namespace jwtdomain::gateway
