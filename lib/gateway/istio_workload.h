// Which workloads can be told apart by what is attached to them. The workloads themselves are not in the
// configuration, so each set of labels that the selectors allow is one.
// Internal: not installed.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/gateway/istio_policy.h"
#include "jwtdomain/gateway/selection.h"

namespace jwtdomain::gateway::istio {

struct Applied {
    const Policy* policy;
    bool certain; // else it may not be attached
};

struct Workload {
    std::string name; // for reports: "prod, app=orders"
    std::vector<Applied> policies = {};
    Mark mark = {};
    bool too_many = false; // there are more of its namespace than can be told
};

std::vector<Workload> workloads(const std::vector<Policy>& policies, const std::string& root,
                                const Selection& selection);

} // namespace jwtdomain::gateway::istio
