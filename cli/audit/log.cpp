#include "cli/audit/log.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/app/ledger.h"
#include "cli/app/text.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain::cli {
namespace {

constexpr std::array kAttempts{refresh::Cause::other_domain, refresh::Cause::other_client,
                               refresh::Cause::reused,       refresh::Cause::bad_proof,
                               refresh::Cause::other_key,    refresh::Cause::newer_than_store};

bool asks_for_attention(const std::string& cause) {
    return std::any_of(kAttempts.begin(), kAttempts.end(),
                       [&](refresh::Cause each) { return refresh::info(each).code == cause; });
}

LogReport::Notable parse_line(const std::string& line) {
    json::Document document;
    if (document.parse(line) || !document.root().is(json::Kind::object)) return {};
    const auto text = [&](const char* name) {
        const auto member = document.root().find(name);
        return member ? std::string(member->text()) : std::string();
    };
    return {text("time"), text("event"), text("domain"), text("family"), text("client"), text("cause"), text("detail")};
}

nlohmann::ordered_json row_of(const LogReport::Notable& row) {
    nlohmann::ordered_json out;
    for (const auto& [name, value] : {std::pair{"time", &row.time},
                                      {"event", &row.event},
                                      {"cause", &row.cause},
                                      {"domain", &row.domain},
                                      {"family", &row.family},
                                      {"client", &row.client},
                                      {"detail", &row.detail}}) {
        if (!value->empty()) out[name] = *value;
    }
    return out;
}

bool holds(const LogReport& report) { return report.broken.empty() && report.chain_found; }

std::string sentence_of(const std::string& cause) {
    const auto known = refresh::find_cause(cause);
    return known ? std::string(refresh::info(*known).sentence) : cause;
}

} // namespace

Result<LogReport> read_log(Session& session, const LogOptions& options) {
    auto ledger = open_existing_ledger(session);
    if (!ledger) return tl::unexpected(ledger.error());
    LogReport out;
    out.now = session.now();
    out.chain_found = !options.chain;
    const Status read = ledger->log().read([&](const refresh::AuditLog::Row& row) {
        ++out.all;
        out.chain = row.chain;
        if (!row.chained) out.broken.push_back(row.number);
        if (options.chain && lower_case(*options.chain) == row.chain) out.chain_found = true;
        LogReport::Notable parsed = parse_line(row.line);
        if (options.domain && parsed.domain != *options.domain) return true;
        const auto time = parse_time(parsed.time);
        if (options.since && time && *time < *options.since) return true;
        out.lines.push_back(row.line);
        if (asks_for_attention(parsed.cause)) out.notable.push_back(std::move(parsed));
        return true;
    });
    if (!read) return tl::unexpected(read.error());
    return out;
}

Exit exit_of(const LogReport& report) {
    if (!report.notable.empty()) return Exit::no;
    return holds(report) ? Exit::yes : Exit::undecided;
}

std::string to_text(const LogReport& report, bool color) {
    TextReport out(color);
    const std::string size = fmt::format("{} lines", report.all);
    if (!holds(report))
        out.headline(Tone::bad, "ALTERED",
                     report.broken.empty() ? "lines at its end were taken away: it no longer has that chain value"
                                           : fmt::format("line {} does not follow from the one before it; {}",
                                                         report.broken.front(), size));
    else if (!report.notable.empty())
        out.headline(Tone::bad, "ATTEMPTS", fmt::format("{}; the chain of all {} holds", report.notable.size(), size));
    else
        out.headline(Tone::good, "WHOLE", size + ", each follows from the one before it; no attempt is among them");
    for (const LogReport::Notable& row : report.notable) {
        out.blank().entry(Tone::bad, row.cause, row.time + " " + row.domain);
        out.field("what", sentence_of(row.cause) + (row.detail.empty() ? "" : " (" + row.detail + ")"));
        out.field("family", row.family);
        if (!row.client.empty()) out.field("client", row.client);
    }
    if (!report.chain.empty()) {
        out.blank().field("chain", report.chain);
        out.line("Keep that value elsewhere: with --chain it shows later that no line was taken away.");
    }
    return out.take();
}

std::string to_json(const LogReport& report) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "audit log";
    out["whole"] = holds(report);
    out["lines"] = report.all;
    out["broken"] = report.broken;
    out["chain"] = report.chain;
    out["attempts"] = nlohmann::ordered_json::array();
    for (const LogReport::Notable& row : report.notable) out["attempts"].push_back(row_of(row));
    return json_text(out);
}

// As they were written, but for what a terminal would not show as it is.
std::string to_jsonl(const LogReport& report) {
    std::string out;
    for (const std::string& line : report.lines) out += json_text(json_value(line), -1);
    return out;
}

} // namespace jwtdomain::cli
