// Drift: what a deployment accepts and the policy does not, and the reverse.
//
// Tokens are made that the policy takes, and then others that differ from them in one thing; each is run through the
// engine by what guards the service and by what the policy says. So a difference that is told is one that happened.
// That there is none is said only where the deployment's paths, field by field, ask for no less than the policy's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/audit/policy_diff.h"
#include "jwtdomain/audit/witness.h"

namespace jwtdomain::audit {

// One token that only one side takes.
struct Difference {
    bool wider = true; // the deployment takes it, the policy refuses it; false: the reverse
    std::string what;  // "exp is absent"
    std::string at;    // "GET https://api.prod.example/orders", where the policy says several things of the service
    std::string header, claims, token;
};

struct Drift {
    enum class Verdict : std::uint8_t { // each is worse than the one before
        same,                           // it takes what the policy takes, as far as was tried, and no more
        narrower,                       // no more, and not all of it
        not_proven, // nothing that the policy refuses was found, and that there is none is not proved
        wider,      // something that the policy refuses
    };
    std::size_t service = 0; // in the estate of the deployment
    Verdict verdict = Verdict::same;
    std::vector<Difference> differences = {}; // wider first
    std::vector<Change> looser = {};          // fields in which the deployment asks for less, or for something else
    std::string why = {};                     // of not_proven, and of a service that takes every request
};
std::string_view name_of(Drift::Verdict verdict);

// One for each service of the deployment, but for domains of which nothing was read; what several resources of the
// policy ask for there is compared one by one, and the worst counts. `declared` is made of the same policy without
// verifiers (Estate::policy_only), for the same time.
std::vector<Drift> find_drift(const Estate& declared, const Estate& deployed, EphemeralKeys& keys);

} // namespace jwtdomain::audit
