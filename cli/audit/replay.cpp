#include "cli/audit/replay.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "cli/app/text.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

using Outcome = audit::Replay::Outcome;

constexpr std::size_t kMaxCase = 1u << 20;

std::string_view word_of(Outcome outcome) {
    switch (outcome) {
    case Outcome::held: return "held";
    case Outcome::crosses: return "crosses";
    case Outcome::undecided: return "undecided";
    }
    return {};
}

int rank(Outcome outcome) { return outcome == Outcome::crosses ? 0 : outcome == Outcome::undecided ? 1 : 2; }

} // namespace

std::size_t ReplayReport::count(Outcome outcome) const {
    return static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [&](const Row& row) { return row.result.outcome == outcome; }));
}

Result<ReplayReport> replay_all(const audit::Estate& estate, const std::string& directory) {
    const auto files = store::glob(directory, {"*.json"});
    if (!files) return tl::unexpected(files.error());
    if (files->empty())
        return fail(Fault::no_input, "there is no witness in " + directory,
                    "write some: jwtdomain audit --save-witnesses DIR");
    ReplayReport report;
    EphemeralKeys keys;
    for (const std::string& file : *files) {
        const auto text = store::read_file(file, kMaxCase);
        if (!text) return tl::unexpected(text.error());
        auto witness = audit::parse_case(*text, file);
        if (!witness) return tl::unexpected(witness.error());
        audit::Replay result = audit::replay(estate, *witness, keys);
        report.rows.push_back({file, std::move(*witness), std::move(result)});
    }
    std::stable_sort(report.rows.begin(), report.rows.end(),
                     [](const auto& a, const auto& b) { return rank(a.result.outcome) < rank(b.result.outcome); });
    return report;
}

Exit exit_of(const ReplayReport& report) {
    if (report.count(Outcome::crosses) > 0) return Exit::no;
    return report.count(Outcome::undecided) > 0 ? Exit::undecided : Exit::yes;
}

std::string to_text(const ReplayReport& report, bool color) {
    TextReport out(color);
    const std::size_t all = report.rows.size(), crosses = report.count(Outcome::crosses);
    const std::size_t undecided = report.count(Outcome::undecided);
    if (crosses > 0)
        out.headline(Tone::bad, "STILL CROSSES", fmt::format("{} of {} witnesses", crosses, all));
    else if (undecided > 0)
        out.headline(Tone::warning, "NOT PROVEN", fmt::format("{} of {} witnesses could not be run", undecided, all));
    else
        out.headline(Tone::good, "HELD", fmt::format("all {} witnesses are refused", all));
    for (const auto& row : report.rows) {
        const Tone tone = row.result.outcome == Outcome::crosses     ? Tone::bad
                          : row.result.outcome == Outcome::undecided ? Tone::warning
                                                                     : Tone::good;
        std::string text = fmt::format("{} of {} into {} of {}", name_of(row.witness.attacker), row.witness.source,
                                       row.witness.service, row.witness.domain);
        if (!row.result.why.empty()) text += ": " + row.result.why;
        out.entry(tone, word_of(row.result.outcome), text);
    }
    return out.take();
}

std::string to_json(const ReplayReport& report) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "audit replay";
    out["crosses"] = report.count(Outcome::crosses);
    out["held"] = report.count(Outcome::held);
    out["undecided"] = report.count(Outcome::undecided);
    out["witnesses"] = nlohmann::ordered_json::array();
    for (const auto& row : report.rows) {
        out["witnesses"].push_back({{"file", row.file},
                                    {"outcome", word_of(row.result.outcome)},
                                    {"attacker", name_of(row.witness.attacker)},
                                    {"source", row.witness.source},
                                    {"domain", row.witness.domain},
                                    {"service", row.witness.service},
                                    {"why", row.result.why}});
    }
    return json_text(out);
}

} // namespace jwtdomain::cli
