#include "cli/app/json_text.h"
#include "cli/probe/issues.h"
#include "cli/probe/json_rows.h"

namespace jwtdomain::cli {

std::string to_json(const ProbeReport& report) {
    ProbeJson out;
    put_summary(out, report);
    out["targets"] = ProbeJson::array();
    for (const auto& row : report.rows) {
        ProbeJson target;
        put_target(target, row);
        target["foreign"] = ProbeJson::array();
        target["kinds"] = ProbeJson::array();
        for (const probe::Sent& sent : row.findings.sent)
            target[sent.kind == nullptr ? "foreign" : "kinds"].push_back(json_of(sent));
        out["targets"].push_back(std::move(target));
    }
    out["findings"] = ProbeJson::array();
    for (const Issue& issue : issues_of(report)) out["findings"].push_back(json_of(issue));
    return json_text(out);
}

} // namespace jwtdomain::cli
