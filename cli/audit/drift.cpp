#include "cli/audit/drift.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "cli/app/paths.h"
#include "cli/app/text.h"

namespace jwtdomain::cli {
namespace {

using audit::Drift;
using Verdict = Drift::Verdict;
using Json = nlohmann::ordered_json;

constexpr std::size_t kShown = 20;

Tone tone_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::wider: return Tone::bad;
    case Verdict::not_proven:
    case Verdict::narrower: return Tone::warning;
    case Verdict::same: break;
    }
    return Tone::good;
}

std::string_view word_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::wider: return "WIDER";
    case Verdict::not_proven: return "NOT PROVEN";
    case Verdict::narrower: return "NARROWER";
    case Verdict::same: break;
    }
    return "SAME";
}

Verdict worst_of(const DriftReport& report) {
    Verdict worst = Verdict::same;
    for (const DriftReport::Row& row : report.rows) worst = std::max(worst, row.drift.verdict);
    return worst;
}

std::string told(const audit::Difference& difference) {
    return (difference.at.empty() ? "" : difference.at + ": ") + difference.what;
}

std::string first_difference(const Drift& drift) {
    return drift.differences.empty() ? drift.why : told(drift.differences.front());
}

std::string headline_of(const DriftReport& report, Verdict worst) {
    if (worst == Verdict::same)
        return fmt::format("{} service{} as the policy says", report.rows.size(), report.rows.size() == 1 ? "" : "s");
    const auto row =
        std::find_if(report.rows.begin(), report.rows.end(), [&](const auto& r) { return r.drift.verdict == worst; });
    const std::string count = fmt::format("{} of {} services", report.count(worst), report.rows.size());
    const std::string& service = row->service;
    switch (worst) {
    case Verdict::wider:
        return fmt::format("{}: {} takes what the policy refuses: {}", count, service, first_difference(row->drift));
    case Verdict::narrower:
        return fmt::format("{}: {} refuses what the policy accepts: {}", count, service, first_difference(row->drift));
    default: return fmt::format("{}: {}: {}", count, service, row->drift.why);
    }
}

void write_row(TextReport& out, const DriftReport::Row& row) {
    const Drift& drift = row.drift;
    out.blank();
    out.entry(tone_of(drift.verdict), word_of(drift.verdict),
              fmt::format("{} [{}]", row.service, name_of(row.evidence)));
    if (!row.where.file.empty()) out.path("where", fmt::format("{}:{}", row.where.file, row.where.line));
    if (!drift.why.empty()) out.field("why", drift.why);
    std::size_t shown = 0;
    for (const audit::Difference& each : drift.differences) {
        if (++shown > kShown) break;
        out.field(each.wider ? "takes" : "refuses", told(each));
        if (shown == 1 && each.wider) out.field("witness", each.header + " " + each.claims); // json has the others
    }
    if (shown > kShown) out.line(fmt::format("and {} more", drift.differences.size() - kShown));
    for (const audit::Change& change : drift.looser)
        out.field("looser", change.before.empty() ? fmt::format("{}: here also {}", change.what, change.after)
                                                  : fmt::format("{}: policy {}, here {}", change.what, change.before,
                                                                change.after.empty() ? "none" : change.after));
}

} // namespace

std::size_t DriftReport::count(Verdict verdict) const {
    return static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [&](const Row& row) { return row.drift.verdict == verdict; }));
}

Result<DriftReport> drift_of(Session& session, const policy::Policy& policy, const policy::KeyReader& reader) {
    if (policy.verifiers.empty())
        return fail(Fault::no_input, "nothing says what guards the resources",
                    "jwtdomain audit drift prod=envoy.yaml, or `verifiers` in the policy");
    policy::Policy alone = policy;
    alone.verifiers.clear();
    const audit::Estate declared = audit::make_estate(alone, reader, session.now());
    const audit::Estate deployed = audit::make_estate(policy, reader, session.now());
    EphemeralKeys keys;
    DriftReport report{.rows = {}, .domains = policy.domains.size(), .now = session.now()};
    for (audit::Drift& drift : audit::find_drift(declared, deployed, keys)) {
        const audit::Service& service = deployed.services[drift.service];
        Location where = service.where;
        if (!where.file.empty()) where.file = path_if_below(session.world().directory(), where.file);
        report.rows.push_back(
            {deployed.name(service.domain), service.name, service.evidence, std::move(where), std::move(drift)});
    }
    return report;
}

Exit exit_of(const DriftReport& report) {
    if (report.count(Verdict::wider) > 0) return Exit::no;
    return report.count(Verdict::not_proven) > 0 ? Exit::undecided : Exit::yes;
}

std::string to_text(const DriftReport& report, bool color) {
    TextReport out(color);
    const Verdict worst = worst_of(report);
    out.headline(tone_of(worst), word_of(worst), headline_of(report, worst));
    for (const DriftReport::Row& row : report.rows) write_row(out, row);
    return out.take();
}

std::string to_json(const DriftReport& report) {
    Json rows = Json::array();
    for (const DriftReport::Row& row : report.rows) {
        Json differences = Json::array(), looser = Json::array();
        for (const audit::Difference& each : row.drift.differences)
            differences.push_back({{"wider", each.wider},
                                   {"what", each.what},
                                   {"at", each.at},
                                   {"header", each.header},
                                   {"claims", each.claims}});
        for (const audit::Change& change : row.drift.looser)
            looser.push_back({{"field", change.what},
                              {"direction", name_of(change.direction)},
                              {"policy", change.before},
                              {"deployment", change.after}});
        rows.push_back({{"domain", row.domain},
                        {"service", row.service},
                        {"verdict", name_of(row.drift.verdict)},
                        {"evidence", audit::name_of(row.evidence)},
                        {"file", row.where.file},
                        {"line", row.where.line},
                        {"why", row.drift.why},
                        {"differences", std::move(differences)},
                        {"looser", std::move(looser)}});
    }
    return json_text(Json{{"version", 1},
                          {"command", "audit drift"},
                          {"verdict", name_of(worst_of(report))},
                          {"time", format_time(report.now)},
                          {"services", std::move(rows)}});
}

} // namespace jwtdomain::cli
