#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "cli/app/sarif.h"
#include "cli/scan/issues.h"
#include "cli/scan/json_rows.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {

std::string to_sarif(const ScanReport& report) {
    SarifRun run{.command = "scan", .kinds = scan_issue_kinds(), .issues = issues_of(report)};
    const Coverage& coverage = report.coverage;
    for (const CoverageGap& gap : coverage.gaps)
        run.notifications.push_back(
            {"warning", escape_text(fmt::format("not read: {}: {}{}{}", gap.path, name_of(gap.gap),
                                                gap.detail.empty() ? "" : ": ", gap.detail))});
    if (coverage.gap_count > coverage.gaps.size())
        run.notifications.push_back(
            {"warning", fmt::format("and {} more were not read", coverage.gap_count - coverage.gaps.size())});
    if (coverage.interrupted != 0) run.notifications.push_back({"warning", "the scan was interrupted"});
    auto plan = nlohmann::ordered_json::array();
    for (const PlanStep& step : report.plan) plan.push_back(escape_text(step.text));
    return sarif_of(run, {{"tokens", report.tokens.size()},
                          {"failing", report.failing},
                          {"complete", coverage.complete()},
                          {"files", coverage.files},
                          {"octets", coverage.octets},
                          {"plan", std::move(plan)}});
}

} // namespace jwtdomain::cli
