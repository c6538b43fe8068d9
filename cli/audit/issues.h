// What is wrong, as one flat list: crossings that count, what could not be decided, a depth that is not met, findings
// of rules. Formats that know nothing of domains (SARIF, code quality, workflow commands) print this and no more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/audit/report.h"

namespace jwtdomain::cli {

struct Issue {
    std::string_view rule; // the id of a rule, or one of the verdicts below
    Severity severity = Severity::info;
    bool fails = false;      // it makes the exit status other than 0
    std::string message;     // one sentence without a full stop; escaped as for a terminal
    std::string fix;         // likewise; may be empty
    Location where;          // never without a file
    std::string accepted;    // by whom, if it was; escaped
    std::string fingerprint; // stable from run to run
};

// What an issue can be of: the rules, and before them the verdicts of the prover itself.
struct IssueKind {
    std::string_view id, name, sentence, fix, source;
    Severity severity;
};
inline constexpr std::string_view kLeak = "ISOLATION", kUndecided = "NOT-PROVEN", kShallow = "DEPTH",
                                  kIgnores = "IGNORES";
std::vector<IssueKind> issue_kinds();

// Worst verdict first, then the findings in their order.
std::vector<Issue> issues_of(const AuditReport& report);

// One sentence: who gets into what, for certain or not. Escaped.
std::string sentence_of(const AuditReport& report, const AuditReport::CrossingRow& row);

} // namespace jwtdomain::cli
