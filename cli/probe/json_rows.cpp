#include "cli/probe/json_rows.h"

#include "cli/app/json_text.h"

namespace jwtdomain::cli {

void put_summary(ProbeJson& out, const ProbeReport& report) {
    out["version"] = 1;
    out["command"] = "probe";
    out["verdict"] = code_of(report.verdict);
    out["evidence"] = "probed";
    out["as_of"] = format_time(report.now);
    out["requests"] = report.requests;
}

void put_target(ProbeJson& out, const ProbeReport::Row& row) {
    const probe::Findings& findings = row.findings;
    out["domain"] = findings.domain;
    out["target"] = findings.target;
    out["where"] = json_place(row.places.declared);
    out["verdict"] = code_of(row.verdict);
    out["controlled"] = findings.controlled;
    if (!findings.controlled) out["why"] = findings.why;
    out["enforced"] = ProbeJson::array();
    for (const ProbedCheck& check : checks_of(findings)) {
        if (check.enforced() && findings.controlled) out["enforced"].push_back(check.name);
    }
    out["requests"] = findings.requests;
}

ProbeJson json_of(const probe::Sent& sent) {
    ProbeJson out;
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
    out["outcome"] = sent.outcome ? ProbeJson(name_of(*sent.outcome)) : ProbeJson();
    out["accepted"] = sent.accepted;
    out["modelled"] = name_of(sent.modelled);
    out["detail"] = sent.detail;
    if (!sent.fix.empty()) out["fix"] = sent.fix;
    return out;
}

ProbeJson json_of(const Issue& issue) {
    return {{"rule", issue.rule},
            {"severity", name_of(issue.severity)},
            {"fails", issue.fails},
            {"message", issue.message},
            {"fix", issue.fix},
            {"where", json_place(issue.where)},
            {"fingerprint", issue.fingerprint}};
}

} // namespace jwtdomain::cli
