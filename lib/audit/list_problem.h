// Internal: lists of strings under constraints, as `aud`, scopes and groups are. "At least one member of these" and
// "every member of those" hang together only through the members, so a list exists exactly when each wish for a member
// can be met alone, unless the list may have one member only.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/audit/language.h"

namespace jwtdomain::audit::detail {

struct ListProblem {
    std::vector<const accept::Strings*> every;           // every member is in each of these
    std::vector<const accept::Strings*> some;            // for each: a member is in it
    std::vector<const std::vector<std::string>*> beyond; // for each: a member is not among these
    std::vector<std::string> never;                      // no member is one of these
    bool single = false;                                 // exactly one member
};

struct ListAnswer {
    Overlap overlap = Overlap::none;
    std::vector<std::string> members = {}; // of `some`: never empty
    std::string why = {};                  // of `unknown`
};

ListAnswer solve(const ListProblem& problem);

} // namespace jwtdomain::audit::detail
