#include <fmt/format.h>

#include "cli/app/github.h"
#include "cli/audit/headline.h"
#include "cli/audit/issues.h"
#include "jwtdomain/audit/attacker.h"

namespace jwtdomain::cli {

std::string to_github(const AuditReport& report) {
    const std::string verdict =
        fmt::format("{} against {}, depth {} [{}]", name_of(report.verdict), name_of(report.options.against),
                    text_of(report.depth), name_of(report.evidence));
    const std::string claim = claim_and_assumptions(report);
    return github_of(issues_of(report), "jwtdomain audit", verdict + (claim.empty() ? "" : ".\n" + claim));
}

} // namespace jwtdomain::cli
