// SARIF 2.1.0, as GitHub's code scanning and other viewers take it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "cli/app/issues.h"

namespace jwtdomain::cli {

struct SarifNotification {
    std::string_view level; // "warning", "note"
    std::string text;       // ours, or escaped
};

struct SarifRun {
    std::string_view command;     // "audit"
    std::vector<IssueKind> kinds; // what it looks for, all of them
    std::vector<Issue> issues;    // worst first: of more than GitHub takes the others are left out, which is told
    std::vector<SarifNotification> notifications = {}; // of what could not be looked at
};

// `properties` are those of the run.
std::string sarif_of(const SarifRun& run, const nlohmann::ordered_json& properties);

} // namespace jwtdomain::cli
