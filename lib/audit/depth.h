// How many facts stand between the domains: the least number that must fail before a token crosses.
//
// A fact is one edit, theft or bypass, and takes with it every separator that it voids: where keys are found through
// the issuer, keys and issuer are one. Over all tokens that insiders can have, and all paths of other domains.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/audit/prove.h"

namespace jwtdomain::audit {

struct Depth {
    static constexpr unsigned kDeep = 3; // "3+": not counted further
    // 0: some token crosses; nullopt: not proven, or no pair.
    std::optional<unsigned> edits;
    bool counted = true;                // false: too many pairs would have to be looked at
    bool undecided = false;             // of some pair it is not known whether it is less: that is not in `edits`
    std::optional<bool> survives_theft; // of one key of any source; nullopt: not proven either
    // The pair and path that are nearest to falling, and what has to fail.
    std::size_t source = 0, service = 0;
    const accept::Path* path = nullptr;
    std::vector<Separator> facts; // one for each edit
};

// Are there few enough pairs to look at each? (Depths::nearest mostly needs not.)
bool countable(const Estate& estate);

struct Depths {
    Depth nearest;                                 // the design depth, over all pairs
    std::vector<std::optional<unsigned>> of_pairs; // of each service and source; empty beyond kMostListed
    static constexpr std::size_t kMostListed = 10'000;
};
Depths depths_of(const Estate& estate, const Findings& findings);

// Pair by pair; what insiders of a domain can have is worked out once. The estate must outlive it.
class PairDepths {
public:
    explicit PairDepths(const Estate& estate);
    // The nearest path. What thefts do to it is not looked at.
    Depth between(std::size_t source, std::size_t service);

private:
    const std::vector<Mintable>& tokens_of(std::size_t source);
    const Estate& estate_;
    std::vector<std::vector<Mintable>> tokens_; // by source
};

std::string text_of(const Depth& depth); // "2", "3+", "not proven"

} // namespace jwtdomain::audit
