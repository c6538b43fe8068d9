// What is wrong by an audit: crossings that count, what could not be decided, a depth that is not met, findings of
// rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/app/issues.h"
#include "cli/audit/report.h"

namespace jwtdomain::cli {

// Verdicts of the prover itself, which are issues beside those of the rules.
inline constexpr std::string_view kLeak = "ISOLATION", kUndecided = "NOT-PROVEN", kShallow = "DEPTH",
                                  kIgnores = "IGNORES";
std::vector<IssueKind> issue_kinds(); // those, then the rules that an audit checks

// Worst verdict first, then the findings in their order.
std::vector<Issue> issues_of(const AuditReport& report);

// One sentence: who gets into what, for certain or not. Escaped.
std::string sentence_of(const AuditReport& report, const AuditReport::CrossingRow& row);

} // namespace jwtdomain::cli
