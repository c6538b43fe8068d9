#include <fmt/format.h>

#include "cli/scan/across.h"
#include "cli/scan/json_rows.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {

void put_across(TextReport& out, const AcrossReport& report) {
    out.blank();
    out.heading("Tokens beside each other");
    if (report.runs > 1 || report.runs_without > 0)
        out.line(fmt::format("within each of {} run{} alone{}: what tokens of two runs show together is for one run "
                             "with --across over all of it",
                             report.runs, report.runs == 1 ? "" : "s",
                             report.runs_without > 0 ? fmt::format(", and in {} more not at all", report.runs_without)
                                                     : ""));
    if (report.findings.empty()) out.line("no nonce was used twice, and nothing is shared that should not be");
    for (const AcrossFinding& each : report.findings) {
        const bool bad = each.severity <= Severity::high;
        out.blank();
        out.headline(bad ? Tone::bad : Tone::warning, name_of(each.severity), each.code);
        out.field("", each.message);
        for (const std::string& token : each.tokens) out.field("token", token);
        if (!each.r.empty()) out.field("r", each.r);
        if (!each.key.empty()) out.field("public key", each.key);
        if (!each.jwk.empty()) out.path("JWK", each.jwk);
        for (const std::string& service : each.opens) out.field("opens", service);
        for (const std::string& action : each.actions) out.field("stop it", action);
    }
    for (const std::string& note : report.notes) out.line(escape_text(note));
    if (report.passed_over > 0)
        out.line(fmt::format("{} tokens were too many to be held beside the others", report.passed_over));
    if (!report.recovered.empty()) out.path("private keys", report.recovered);
}

nlohmann::ordered_json across_json(const AcrossReport& report) {
    using Json = nlohmann::ordered_json;
    Json out;
    out["findings"] = Json::array();
    for (const AcrossFinding& each : report.findings) {
        Json row{{"code", each.code}, {"severity", name_of(each.severity)}, {"message", each.message}};
        row["tokens"] = each.tokens;
        row["domains"] = each.domains;
        if (!each.r.empty()) row["r"] = each.r;
        if (!each.key.empty()) row["key"] = each.key;
        if (!each.jwk.empty()) row["jwk"] = json_value(each.jwk);
        if (!each.opens.empty()) row["opens"] = each.opens;
        if (!each.actions.empty()) row["actions"] = each.actions;
        out["findings"].push_back(std::move(row));
    }
    out["passed_over"] = report.passed_over;
    if (report.runs > 1 || report.runs_without > 0) {
        out["runs"] = report.runs;
        out["runs_without"] = report.runs_without;
    }
    if (!report.notes.empty()) out["notes"] = report.notes;
    if (!report.recovered.empty()) out["recovered"] = report.recovered;
    return out;
}

} // namespace jwtdomain::cli
