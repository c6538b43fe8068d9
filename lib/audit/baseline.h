// What was wrong when a team began, so that only what is new fails: a file that `audit --write-baseline` writes, and
// people may edit. Each entry has an owner and the day since which it is known; none is ever silent.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::audit {

struct Known {
    std::string rule; // the id of a rule, or ISOLATION for tokens that cross
    std::string fingerprint;
    std::string what; // for people
    std::string owner;
    Time since = 0;
};

// Faults: invalid (at its line and column: unknown fields or rules, an entry that is there twice), limit.
Result<std::vector<Known>> read_baseline(std::string_view text, const std::string& file,
                                         std::span<const std::string_view> rules);

} // namespace jwtdomain::audit
