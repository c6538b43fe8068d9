#include "cli/crack/report.h"
#include "cli/triage/json_rows.h"

namespace jwtdomain::cli {

std::string to_json(const CrackReport& report) {
    using Json = nlohmann::ordered_json;
    Json out;
    out["version"] = 1;
    out["verdict"] = report.found() > 0 ? "cracked" : report.complete ? "not-found" : "stopped";
    out["complete"] = report.complete;
    out["found"] = report.found();
    out["secrets_tried"] = report.tried ? Json(*report.tried) : Json(nullptr);
    out["lines_left_out"] = report.too_long;
    out["tokens"] = Json::array();
    for (const CrackReport::Row& row : report.tokens) {
        Json each;
        each["fingerprint"] = row.fingerprint;
        each["algorithm"] = row.algorithm;
        each["claimed_domain"] = row.domain.empty() ? Json(nullptr) : Json(row.domain);
        each["found"] = row.found;
        if (row.earlier) each["found_earlier"] = true;
        if (row.found && !row.earlier) {
            each["rule"] = row.rule;
            each["severity"] = name_of(row.severity);
            each["what"] = row.what;
            if (!row.source.empty()) each["source"] = row.source;
            each["domains"] = row.domains();
            each["accepted_by"] = accepted_json(row.opens);
            each["undecided"] = row.opens.undecided;
            each["actions"] = row.opens.actions;
        }
        out["tokens"].push_back(std::move(each));
    }
    out["not_tried"] = Json::array();
    for (const RefusedToken& refused : report.refused) {
        Json each;
        if (refused.line) each["line"] = refused.line;
        if (!refused.fingerprint.empty()) each["fingerprint"] = refused.fingerprint;
        each["why"] = refused.why;
        out["not_tried"].push_back(std::move(each));
    }
    out["secrets_file"] = report.out.empty() ? Json(nullptr) : Json(report.out);
    out["policy_read"] = report.policy_read;
    return json_text(out);
}

} // namespace jwtdomain::cli
