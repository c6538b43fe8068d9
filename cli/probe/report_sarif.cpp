// What could not be seen stands in the results, so that viewers show it, and in the notifications, so that nobody takes
// a run without further results for a pass.
#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "cli/app/sarif.h"
#include "cli/probe/headline.h"
#include "cli/probe/issues.h"

namespace jwtdomain::cli {

std::string to_sarif(const ProbeReport& report) {
    SarifRun run{.command = "probe", .kinds = probe_issue_kinds(), .issues = issues_of(report)};
    for (const Issue& issue : run.issues) {
        if (issue.rule == kInconclusive)
            run.notifications.push_back({"warning", fmt::format("{}: {}", kInconclusive, issue.message)});
    }
    for (std::string& text : omissions_of(report)) run.notifications.push_back({"note", std::move(text)});
    return sarif_of(run, {{"verdict", code_of(report.verdict)},
                          {"evidence", "probed"},
                          {"meaning", meaning_of(report.verdict)},
                          {"targets", report.rows.size()},
                          {"requests", report.requests}});
}

} // namespace jwtdomain::cli
