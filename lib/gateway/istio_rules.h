// The rules of an AuthorizationPolicy.
// Internal: not installed.
#pragma once

#include "jwtdomain/gateway/istio_policy.h"

namespace jwtdomain::gateway::istio {

// Sets `rules`, or `not_known`.
void read_rules(const Node* rules, Policy& out);

bool is_strings(const Node& list); // or what is put in later

} // namespace jwtdomain::gateway::istio
