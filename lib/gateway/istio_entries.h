// What guards a workload, by all that is attached to it.
// Internal: not installed.
#pragma once

#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/istio_workload.h"

namespace jwtdomain::gateway::istio {

// `host`: of the requests that are asked for; empty: all. `made` counts the paths of all workloads.
void read_workload(const Workload& workload, const std::string& host, std::size_t& made, Verifiers& out);

} // namespace jwtdomain::gateway::istio
