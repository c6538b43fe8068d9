// What an audit is held against, as it is typed: the same for every command that runs one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app/declaration.h"
#include "cli/audit/report.h"
#include "jwtdomain/base/result.h"

namespace jwtdomain::cli {

struct AuditWords {
    std::optional<std::string> against, require, min_depth, fail_on;
};

// What `audit diff` takes for --fail-on, and nothing else does.
constexpr std::string_view kWeaker = "weaker";

enum class AuditUse { audit_only, also_diff };
void declare_audit(Declaration& declaration, AuditWords& words, AuditUse use = AuditUse::audit_only);

// Faults: usage.
Result<AuditOptions> settle(const AuditWords& words);

std::vector<std::string> attacker_names(); // of --against
std::vector<std::string> severity_names(); // of --fail-on
std::optional<audit::Evidence> find_evidence(std::string_view name);
std::optional<Severity> find_severity(std::string_view name);

} // namespace jwtdomain::cli
