// What to do about all that was found: what stops each token, each thing once, however many tokens it stops.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/app/text.h"
#include "cli/triage/steps.h"
#include "jwtdomain/jwt/rule.h"

namespace jwtdomain::cli {

struct FoundToken;

struct PlanStep {
    Stop stop = Stop::wait;
    Severity severity = Severity::info; // of the worst token that it stops
    std::string text;                   // a sentence without a full stop; may hold untrusted text
    std::vector<std::string> ids;       // of revoke: the jtis
    std::vector<std::string> tokens;    // fingerprints of what it stops
};

// Says of each live token how many others hang on its key, and gives the steps: worst first, then in
// the order of triage, of each kind that first which stops the most.
std::vector<PlanStep> plan_of(std::vector<FoundToken>& tokens);

void put_plan(TextReport& out, const std::vector<PlanStep>& plan);

} // namespace jwtdomain::cli
