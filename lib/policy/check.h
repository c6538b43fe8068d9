// What must hold between the parts of a policy.
#pragma once

#include "jwtdomain/base/document.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy {

// Names are unique. `policy` may be partial.
Status check_unique_names(const Policy& policy);

// Parents exist and form no circle; no resource is in two domains; nobody's own audience is neutral elsewhere; the
// audiences of resources are the domain's, or those of a trust edge into it.
Status check_domains(const Policy& policy);

// Edges and verifiers name domains that exist and break no other rule. `root` is the document of policy.yaml, for the
// places.
Status check_references(const Policy& policy, const document::Node& root);

// One trust edge against the domains that it names. Those that are not there are passed as nullptr and not checked.
Status check_trust(const TrustEdge& edge, const Domain* from, const Domain* to);

} // namespace jwtdomain::policy
