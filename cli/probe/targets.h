// Whom a probe asks: what was typed, else the resources of the policy.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/probe/options.h"
#include "cli/probe/pace.h"
#include "cli/probe/report.h"
#include "jwtdomain/policy/model.h"
#include "jwtdomain/probe/target.h"

namespace jwtdomain::cli {

struct ProbeTarget {
    std::size_t domain = 0;                     // in the policy
    std::string name;                           // the URL, or the command
    const policy::Resource* resource = nullptr; // of the policy, if it is one
    std::string method;                         // of its requests
    std::string origin;                         // of the URL, or the command
    std::unique_ptr<probe::Door> door;
};

// Of the resource of that name, else of the domain; of what guards the domain the first.
ProbePlaces places_of(Session& session, const policy::Policy& policy, const ProbeTarget& target);

// Faults: usage (a target, carrier, status or time that is none), no_input (there is nothing to ask), and those of
// require_domain and parse_url. Their doors are asked at that pace, which must outlive them.
Result<std::vector<ProbeTarget>> targets_of(Session& session, const ProbeOptions& options, const policy::Policy& policy,
                                            Pace& pace);

} // namespace jwtdomain::cli
