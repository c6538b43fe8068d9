#include "cli/app/json_text.h"
#include "cli/app/sarif.h"
#include "cli/audit/codes.h"
#include "cli/audit/headline.h"
#include "cli/audit/issues.h"

namespace jwtdomain::cli {

std::string to_sarif(const AuditReport& report) {
    nlohmann::ordered_json properties{{"verdict", code_of(report.verdict)},
                                      {"against", name_of(report.options.against)},
                                      {"evidence", name_of(report.evidence)},
                                      {"depth", text_of(report.depth)}};
    if (report.says_isolated()) {
        properties["claim"] = claim_of(report);
        properties["assumptions"] = assumptions(report);
    }
    return sarif_of({.command = "audit", .kinds = issue_kinds(), .issues = issues_of(report)}, properties);
}

} // namespace jwtdomain::cli
