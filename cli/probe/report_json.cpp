#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/probe/report.h"

namespace jwtdomain::cli {
namespace {

using Json = nlohmann::ordered_json;

Json row_of(const probe::Sent& sent) {
    Json out;
    if (sent.kind != nullptr) {
        out["kind"] = sent.kind->name;
        out["check"] = sent.kind->check;
        out["informs"] = sent.kind->meaning == probe::Meaning::informs;
    } else {
        out["from"] = sent.domain;
    }
    out["rule"] = sent.rule();
    out["what"] = sent.label;
    out["conclusion"] = name_of(sent.conclusion);
    out["accepted"] = sent.accepted;
    out["modelled"] = name_of(sent.modelled);
    out["detail"] = sent.detail;
    if (!sent.fix.empty()) out["fix"] = sent.fix;
    return out;
}

Json target_of(const ProbeReport::Row& row) {
    const probe::Findings& findings = row.findings;
    Json out{{"domain", findings.domain},
             {"target", findings.target},
             {"verdict", code_of(row.verdict)},
             {"controlled", findings.controlled}};
    if (!findings.controlled) out["why"] = findings.why;
    out["foreign"] = Json::array();
    out["kinds"] = Json::array();
    for (const probe::Sent& sent : findings.sent)
        out[sent.kind == nullptr ? "foreign" : "kinds"].push_back(row_of(sent));
    out["enforced"] = Json::array();
    for (const ProbedCheck& check : checks_of(findings)) {
        if (check.enforced() && findings.controlled) out["enforced"].push_back(check.name);
    }
    out["requests"] = findings.requests;
    return out;
}

} // namespace

std::string to_json(const ProbeReport& report) {
    Json out{{"version", 1},
             {"command", "probe"},
             {"verdict", code_of(report.verdict)},
             {"evidence", "probed"},
             {"as_of", format_time(report.now)},
             {"requests", report.requests}};
    out["targets"] = Json::array();
    for (const auto& row : report.rows) out["targets"].push_back(target_of(row));
    return json_text(out);
}

} // namespace jwtdomain::cli
