#include <algorithm>

#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "cli/app/text.h"
#include "cli/evidence/run.h"

namespace jwtdomain::cli {
namespace {

using Outcome = EvidenceReport::Outcome;
using Run = EvidenceReport::Run;

constexpr std::size_t kShown = 31;

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
    case Outcome::valid: return "VALID";
    case Outcome::gaps: return "GAPS";
    case Outcome::changed: return "CHANGED";
    }
    return {};
}

std::string counted(std::size_t count, std::string_view one) {
    return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string headline_of(const EvidenceReport& report) {
    const std::string runs = counted(report.runs.size(), "run");
    switch (report.outcome()) {
    case Outcome::valid: return runs + (report.runs.size() == 1 ? ", derived again" : ", each derived again");
    case Outcome::gaps:
        return fmt::format("{} without a run: {}", counted(report.missing.size(), "day"), report.missing.front());
    case Outcome::changed: break;
    }
    const auto first =
        std::find_if(report.runs.begin(), report.runs.end(), [](const Run& r) { return !r.problems.empty(); });
    const auto changed =
        std::count_if(report.runs.begin(), report.runs.end(), [](const Run& r) { return !r.problems.empty(); });
    return fmt::format("{} of {}: {}: {}", changed, runs, first->directory, first->problems.front());
}

std::string standing_of(const Run& run) {
    std::string out = fmt::format("{}, as of {}", run.verdict, run.as_of);
    if (!run.revision.empty())
        out += fmt::format(", policy {}{}", run.revision.substr(0, 12), run.modified ? " with changes" : "");
    switch (run.signature) {
    case Signature::none: return out + ", not signed";
    case Signature::unchecked: return out + ", signature not checked (--key)";
    case Signature::good: return out + ", signature good";
    case Signature::bad: return out + ", signature bad";
    }
    return out;
}

} // namespace

std::string to_text(const EvidenceReport& report, bool color) {
    TextReport out(color);
    const Outcome outcome = report.outcome();
    const Tone tone = outcome == Outcome::valid ? Tone::good : outcome == Outcome::gaps ? Tone::warning : Tone::bad;
    out.headline(tone, name_of(outcome), headline_of(report));
    if (!report.from.empty())
        out.line(fmt::format("from {} to {}: {} without a run", report.from, report.to,
                             counted(report.missing.size(), "day")));
    std::size_t shown = 0;
    for (const Run& run : report.runs) {
        if (run.problems.empty() && shown++ >= kShown) continue;
        out.blank();
        out.path("run", run.directory);
        if (run.problems.empty()) out.field("holds", standing_of(run));
        for (const std::string& problem : run.problems) out.entry(Tone::bad, "changed", problem);
    }
    if (shown > kShown) out.blank().line(fmt::format("and {} more, which are valid", shown - kShown));
    if (report.missing.empty()) return out.take();
    out.blank();
    for (std::size_t i = 0; i < report.missing.size() && i < kShown; ++i)
        out.entry(Tone::warning, "missing", report.missing[i]);
    if (report.missing.size() > kShown) out.line(fmt::format("and {} more days", report.missing.size() - kShown));
    return out.take();
}

std::string to_json(const EvidenceReport& report) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "evidence verify";
    out["outcome"] = report.outcome() == Outcome::valid  ? "valid"
                     : report.outcome() == Outcome::gaps ? "gaps"
                                                         : "changed";
    if (!report.from.empty()) {
        out["from"] = report.from;
        out["to"] = report.to;
    }
    out["missing"] = report.missing;
    out["runs"] = nlohmann::ordered_json::array();
    for (const Run& run : report.runs) {
        nlohmann::ordered_json row{{"directory", run.directory}, {"valid", run.problems.empty()}};
        if (run.problems.empty()) {
            row["verdict"] = run.verdict;
            row["as_of"] = run.as_of;
            row["clock"] = run.clock;
            row["revision"] = run.revision;
            row["modified"] = run.modified;
        }
        row["signature"] = code_of(run.signature);
        row["problems"] = run.problems;
        out["runs"].push_back(std::move(row));
    }
    return json_text(out);
}

} // namespace jwtdomain::cli
