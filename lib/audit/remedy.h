// What would stop a crossing: for every field, whether asking for it at the target as the policy has it would separate
// the pair, and from whom. Each answer is computed with the change made, never guessed.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/audit/prove.h"

namespace jwtdomain::audit {

struct Remedy {
    Field field = Field::issuer;
    std::string claim = {};          // of Field::claim
    std::string besides = {};        // of what is no field: "dialect none", "exchange ci -> prod"
    bool of_path = true;             // false: the policy's, as an exchange is
    std::string now = {}, then = {}; // what the path asks for, and what it would
    // The change of a hand-written path, in the words of the policy: "issuer: any"; of a claim that is not asked for
    // yet, `before` is empty.
    std::string before = {}, after = {};
    Location where = {}; // of the part of the path that is changed; that of the path, where it is not written down
    // Those whom it keeps out of the path, of all but the outsider; may be empty.
    std::vector<Attacker> stops = {};
};

// Of the example of the crossing, in the order of verification. The first one that stops the strongest is the smallest
// fix.
std::vector<Remedy> remedies(const Estate& estate, const Crossing& crossing);

// The index of the smallest fix: one change that keeps out the crossing's attacker, and as many stronger ones as any
// does. nullopt: no single one does.
std::optional<std::size_t> smallest_fix(const std::vector<Remedy>& remedies, Attacker attacker);

} // namespace jwtdomain::audit
