// --expect: what a CI job holds a verdict against.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/jwt/reason.h"

namespace jwtdomain::cli {

struct Expectation {
    bool accept = true;
    std::optional<Reason> reason; // one of those for the rejection
};

// "accept", "reject", "reject:CODE". Faults: usage, with the nearest code.
Result<Expectation> parse_expectation(const std::string& text);

bool meets(const Expectation& expected, bool accepted, const std::vector<Finding>& findings);

} // namespace jwtdomain::cli
