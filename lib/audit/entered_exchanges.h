// Tokens that come out of an exchange which an attacker enters in the name of another domain: since everybody can sign
// as that domain, or the attacker's keys are its keys too, or its tokens pass for that domain's, or it decides where
// that domain's keys are. closure() has those that each domain gets in its own name.
#pragma once

#include <vector>

#include "jwtdomain/audit/check.h"

namespace jwtdomain::audit {

struct Entered {
    Mintable tokens;      // by a route that begins at the other domain; of an outsider `holder` is the first
    bool certain = false; // false: that it can be entered so is not sure
};

struct EnteredExchanges {
    std::vector<Entered> by_anybody, by_domains;
    bool complete = true; // false: there are too many; these are then none
};
// Works them out. make_estate() keeps them in Estate::entered, and has put all else into the estate before.
EnteredExchanges entered_exchanges(const Estate& estate);

// closure(), and what is entered in other names by that attacker or a weaker one.
std::vector<Mintable> everything_of(const Estate& estate, std::size_t domain, Attacker attacker);

// The path by which the policy would have the domain's own tokens accepted.
accept::Path own_path(const Estate& estate, std::size_t domain);

} // namespace jwtdomain::audit
