#include "cli/app/json_text.h"
#include "cli/audit/json_rows.h"

namespace jwtdomain::cli {

std::string to_json(const AuditReport& report) {
    using Json = AuditJson::Json;
    const AuditJson part(report);
    Json out;
    out["version"] = 1;
    out["command"] = "audit";
    part.put_summary(out);
    out["domains"] = report.domains;
    out["depth"] = part.depth();
    out["services"] = Json::array();
    for (const auto& row : report.services) out["services"].push_back(part.service(row));
    out["crossings"] = Json::array();
    for (const auto& row : report.crossings) out["crossings"].push_back(part.crossing(row));
    out["declared"] = Json::array();
    for (const auto& row : report.trust) out["declared"].push_back(part.trust(row));
    out["findings"] = Json::array();
    for (const auto& row : report.findings) out["findings"].push_back(part.finding(row));
    out["ignores"] = Json::array();
    for (const auto& row : report.ignores) out["ignores"].push_back(part.ignore(row));
    part.put_assumptions(out);
    return json_text(out);
}

} // namespace jwtdomain::cli
