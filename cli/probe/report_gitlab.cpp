#include "cli/app/gitlab.h"
#include "cli/probe/headline.h"
#include "cli/probe/issues.h"

namespace jwtdomain::cli {

std::string to_gitlab_codequality(const ProbeReport& report) { return gitlab_codequality_of(issues_of(report)); }

std::string to_gitlab_sast(const ProbeReport& report) {
    SastScan scan{.kinds = probe_issue_kinds(), .issues = issues_of(report), .now = report.now};
    const bool seen = report.verdict != ProbeVerdict::inconclusive;
    scan.messages.push_back({seen ? "info" : "warn",
                             std::string(name_of(report.verdict)) + ": " + std::string(meaning_of(report.verdict))});
    for (std::string& each : omissions_of(report)) scan.messages.push_back({"info", std::move(each)});
    return gitlab_sast_of(scan);
}

} // namespace jwtdomain::cli
