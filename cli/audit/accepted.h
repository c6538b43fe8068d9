// What a team has accepted of an audit: ignores.yaml beside policy.yaml, and the baseline of an earlier run. Verdicts
// stay what they are: a leak that is accepted is a leak, which does not fail.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/policy.h"
#include "cli/audit/report.h"

namespace jwtdomain::cli {

struct Accepted {
    std::vector<audit::Ignore> ignores;
    std::vector<audit::Known> known;
};

// ignores.yaml need not be there; `baseline` must, if it is named. Faults: those of reading them.
Result<Accepted> load_accepted(const policy::Policy& policy, const std::optional<std::string>& baseline, Time now,
                               const policy::Reader& files = policy_reader());

// Marks what is accepted in the report, and what is wrong with the ignores themselves.
void accept(AuditReport& report, Accepted accepted);

// Warns of ignores that expire soon, have expired or ignore nothing, and of a baseline that holds what is gone.
void warn_of_accepted(Session& session, const AuditReport& report);

// The baseline of this run: all that would fail, known since now and answered for by `owner`. What was known before
// keeps its owner and its day.
std::string baseline_of(const AuditReport& report, const std::string& owner);

} // namespace jwtdomain::cli
