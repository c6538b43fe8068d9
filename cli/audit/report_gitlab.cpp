#include "cli/app/gitlab.h"
#include "cli/audit/headline.h"
#include "cli/audit/issues.h"

namespace jwtdomain::cli {

std::string to_gitlab_codequality(const AuditReport& report) { return gitlab_codequality_of(issues_of(report)); }

std::string to_gitlab_sast(const AuditReport& report) {
    SastScan scan{.kinds = issue_kinds(), .issues = issues_of(report), .now = report.now};
    if (report.says_isolated()) {
        scan.messages.push_back({"info", claim_of(report)});
        for (std::string& each : assumptions(report)) scan.messages.push_back({"info", std::move(each)});
    }
    return gitlab_sast_of(scan);
}

} // namespace jwtdomain::cli
