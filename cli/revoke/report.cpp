#include "cli/revoke/report.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/app/text.h"

namespace jwtdomain::cli {
namespace {

std::string when(Time time, Time now) { return format_time(time) + " (" + format_relative(time, now) + ")"; }

nlohmann::ordered_json row_of(const RevokeReport::Row& row) {
    nlohmann::ordered_json out;
    out["kind"] = accept::name_of(row.entry.kind);
    out["value"] = row.entry.value;
    if (!row.entry.domain.empty()) out["domain"] = row.entry.domain;
    if (row.entry.before) out["before"] = format_time(*row.entry.before);
    if (row.entry.until) out["until"] = format_time(*row.entry.until);
    if (!row.entry.reason.empty()) out["reason"] = row.entry.reason;
    out["new"] = row.is_new;
    return out;
}

} // namespace

std::string describe(const accept::Revocation& entry) {
    std::string out = std::string(accept::name_of(entry.kind)) + " " + entry.value;
    if (entry.kind != accept::Revoked::domain && !entry.domain.empty()) out += " of " + entry.domain;
    if (entry.before) out += ", tokens issued before " + format_time(*entry.before);
    return out;
}

std::string to_text(const RevokeReport& report, bool color) {
    TextReport out(color);
    const auto fresh =
        std::count_if(report.rows.begin(), report.rows.end(), [](const auto& row) { return row.is_new; });
    const bool over = !report.rows.empty() && std::all_of(report.rows.begin(), report.rows.end(), [&](const auto& row) {
        return row.entry.until && *row.entry.until <= report.now;
    });
    if (over)
        out.headline(Tone::good, "OVER", "no such token lives any more: nothing was changed");
    else if (fresh > 0 || !report.families.empty())
        out.headline(Tone::good, "RECORDED", fmt::format("{} on the revocation list", fresh));
    else
        out.headline(Tone::good, "REVOKED BEFORE", "nothing was changed");
    for (const RevokeReport::Row& row : report.rows) {
        out.field("revoked", describe(row.entry));
        out.field("until",
                  row.entry.until ? when(*row.entry.until, report.now) + ": then no such token lives" : "for ever");
    }
    out.path("list", report.list);
    if (!report.families.empty())
        out.field("families", fmt::format("{} of refresh tokens ended, for ever", report.families.size()));
    out.field("enforced", "by jwtdomain verify, triage and scan; no gateway reads it by itself");
    if (!report.remains.empty()) out.blank().heading("Still accepted elsewhere");
    for (const std::string& each : report.remains) out.line(each);
    if (!report.steps.empty()) out.blank().heading("To do");
    for (const std::string& each : report.steps) out.line(each);
    return out.take();
}

std::string to_json(const RevokeReport& report) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "revoke";
    out["list"] = report.list;
    out["revoked"] = nlohmann::ordered_json::array();
    for (const RevokeReport::Row& row : report.rows) out["revoked"].push_back(row_of(row));
    out["families"] = report.families;
    if (report.access_until) out["access_until"] = format_time(*report.access_until);
    out["remains"] = report.remains;
    out["steps"] = report.steps;
    return json_text(out);
}

} // namespace jwtdomain::cli
