// One object a line, each with its type: of each target its tokens and then itself, the findings, the summary last.
#include "cli/app/json_text.h"
#include "cli/probe/issues.h"
#include "cli/probe/json_rows.h"

namespace jwtdomain::cli {

std::string to_jsonl(const ProbeReport& report) {
    std::string out;
    for (const auto& row : report.rows) {
        for (const probe::Sent& sent : row.findings.sent) {
            ProbeJson line{{"domain", row.findings.domain}, {"target", row.findings.target}};
            line.update(json_of(sent));
            out += json_line(sent.kind == nullptr ? "foreign" : "kind", line);
        }
        ProbeJson target;
        put_target(target, row);
        out += json_line("target", target);
    }
    for (const Issue& issue : issues_of(report)) out += json_line("finding", json_of(issue));
    ProbeJson summary;
    put_summary(summary, report);
    return out + json_line("summary", summary);
}

} // namespace jwtdomain::cli
