// What was found, as a flat list for formats that know nothing of tokens.
#pragma once

#include <vector>

#include "cli/app/issues.h"
#include "cli/scan/report.h"

namespace jwtdomain::cli {

std::vector<IssueKind> scan_issue_kinds();

// One for each token and file, at the first place of it that is shown; worst first.
std::vector<Issue> issues_of(const ScanReport& report);

} // namespace jwtdomain::cli
