// The sentences that every report for people begins with, and the words in its matrix. Not escaped.
#pragma once

#include <string>

#include "cli/audit/report.h"

namespace jwtdomain::cli {

// After the verdict's name: how many services, the worst of them, the evidence in brackets.
std::string headline_of(const AuditReport& report);

// Against whom, how deep, how much was read, as of when.
std::string standing_of(const AuditReport& report);

// "2", "3+ where it is proven".
std::string depth_text(const AuditReport& report);

// What is proved, to be followed by the assumptions: "Under these assumptions no token that ... in this snapshot".
std::string claim_of(const AuditReport& report);

// The same with the assumptions, in lines; empty where nothing is called isolated.
std::string claim_and_assumptions(const AuditReport& report);

// What is remarkable about a service beside its verdict; empty: nothing.
std::string remark_of(const AuditReport::ServiceRow& row);

// "insider", "?stolen-key", "declared", "." (separated), "home".
std::string cell_text(const AuditReport& report, std::size_t source, std::size_t service, const audit::Cell& cell);

} // namespace jwtdomain::cli
