// One object a line, each with its type, the summary last: for pipes.
#include "cli/app/json_text.h"
#include "cli/audit/json_rows.h"

namespace jwtdomain::cli {
namespace {

constexpr int kOneLine = -1;

void put(std::string& out, std::string_view type, const AuditJson::Json& row) {
    AuditJson::Json line;
    line["type"] = type;
    line.update(row);
    out += json_text(line, kOneLine);
}

} // namespace

std::string to_jsonl(const AuditReport& report) {
    const AuditJson part(report);
    std::string out;
    for (const auto& row : report.services) put(out, "service", part.service(row));
    for (const auto& row : report.crossings) put(out, "crossing", part.crossing(row));
    for (const auto& row : report.trust) put(out, "declared", part.trust(row));
    for (const auto& row : report.findings) put(out, "finding", part.finding(row));
    for (const auto& row : report.ignores) put(out, "ignore", part.ignore(row));
    AuditJson::Json summary;
    summary["version"] = 1;
    part.put_summary(summary);
    summary["depth"] = part.depth();
    part.put_assumptions(summary);
    put(out, "summary", summary);
    return out;
}

} // namespace jwtdomain::cli
