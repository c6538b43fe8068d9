// One object a line, each with its type, the summary last: for pipes.
#include "cli/app/json_text.h"
#include "cli/audit/json_rows.h"

namespace jwtdomain::cli {

std::string to_jsonl(const AuditReport& report) {
    const AuditJson part(report);
    std::string out;
    for (const auto& row : report.services) out += json_line("service", part.service(row));
    for (const auto& row : report.crossings) out += json_line("crossing", part.crossing(row));
    for (const auto& row : report.trust) out += json_line("declared", part.trust(row));
    for (const auto& row : report.findings) out += json_line("finding", part.finding(row));
    for (const auto& row : report.ignores) out += json_line("ignore", part.ignore(row));
    AuditJson::Json summary;
    summary["version"] = 1;
    part.put_summary(summary);
    summary["depth"] = part.depth();
    part.put_assumptions(summary);
    out += json_line("summary", summary);
    return out;
}

} // namespace jwtdomain::cli
