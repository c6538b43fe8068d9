// What is wrong by a probe: rules behind what is taken, answers that the configuration does not give, and what could
// not be seen.
#pragma once

#include "cli/app/issues.h"
#include "cli/probe/report.h"

namespace jwtdomain::cli {

// Beside those of the rules.
inline constexpr std::string_view kDisagrees = "DISAGREES", kInconclusive = "INCONCLUSIVE";
std::vector<IssueKind> probe_issue_kinds(); // those, then every rule that a token of a probe can break

// Worst first. One for each target and rule, of foreign tokens for each domain, too, with all that was taken.
std::vector<Issue> issues_of(const ProbeReport& report);

// What was not sent, a sentence each without a full stop; escaped.
std::vector<std::string> omissions_of(const ProbeReport& report);

} // namespace jwtdomain::cli
