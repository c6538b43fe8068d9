#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cli/app/text.h"
#include "cli/audit/codes.h"
#include "cli/audit/headline.h"
#include "cli/audit/report.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json.h"

namespace jwtdomain::cli {
namespace {

using audit::Attacker;
using audit::Crossing;
using audit::Service;
using audit::Verdict;

constexpr std::size_t kWidestMatrix = 6; // domains: more do not fit 80 columns
constexpr std::size_t kLongestMatrix = 30;
constexpr std::size_t kMostOfAKind = 20; // entries of a list; how many more there are is said
constexpr std::size_t kPairs = 1000;     // of one crossing: more are not compared with the others

std::string place_of(const AuditReport::CrossingRow& row) {
    const std::string& file = row.where.file;
    if (file.empty()) return row.path;
    return fmt::format("{}, {}:{}", row.path, file, row.where.line);
}

// Whether weaker attackers are certain to get through wherever this one may: what stops them comes first.
bool adds_nothing(const AuditReport& report, const AuditReport::CrossingRow& row) {
    if (row.attacker == Attacker::outsider || row.sources.size() * row.services.size() > kPairs) return false;
    return std::all_of(row.services.begin(), row.services.end(), [&](std::size_t service) {
        return std::all_of(row.sources.begin(), row.sources.end(), [&](std::size_t source) {
            const audit::Cell cell = report.cell(source, service);
            return report.services[service].domain == source || (cell.leak && *cell.leak < row.attacker);
        });
    });
}

class Writer {
public:
    Writer(const AuditReport& report, bool color) : report_(report), out_(color) {}

    std::string run() {
        headline();
        matrix();
        crossings();
        undecided();
        findings();
        trust();
        closing();
        return out_.take();
    }

private:
    const std::string& domain(std::size_t index) const { return report_.domains[index]; }
    std::string service(std::size_t index) const { return service_of(report_, index); }

    void headline() {
        const Tone tone = report_.verdict == Verdict::leaks        ? Tone::bad
                          : report_.verdict == Verdict::not_proven ? Tone::warning
                                                                   : Tone::good;
        out_.headline(tone, name_of(report_.verdict), headline_of(report_));
        out_.line(standing_of(report_));
        if (!report_.deep_enough())
            out_.line(fmt::format("--min-depth {} is not {}", report_.options.min_depth.value_or(0),
                                  report_.too_shallow() ? "met" : "proven to be met"));
    }

    void matrix() {
        if (report_.domains.size() < 2 || report_.domains.size() > kWidestMatrix ||
            report_.services.size() > kLongestMatrix)
            return;
        constexpr std::size_t kCell = 15;
        const std::size_t left = kTextWidth - 2 - kCell * std::min<std::size_t>(report_.domains.size(), 4);
        const std::size_t wide = (kTextWidth - 2 - left) / std::max<std::size_t>(report_.domains.size(), 1);
        out_.blank();
        std::string header = fmt::format("  {:<{}}", "accepted at \\ token of", left);
        for (const std::string& name : report_.domains)
            header += fmt::format("{:<{}}", escape_text(name, wide - 1), wide);
        out_.verbatim(out_.paint(Tone::faint, header));
        for (std::size_t s = 0; s < report_.services.size(); ++s) {
            std::string line = fmt::format("  {:<{}}", escape_text(report_.services[s].name, left - 1), left);
            for (std::size_t d = 0; d < report_.domains.size(); ++d) {
                const audit::Cell cell = report_.cell(d, s);
                const std::string text = cell_text(report_, d, s, cell);
                const bool counts = cell.leak && *cell.leak <= report_.options.against;
                line +=
                    out_.paint(counts ? Tone::bad : Tone::plain, fmt::format("{:<{}}", text.substr(0, wide - 1), wide));
            }
            while (!line.empty() && line.back() == ' ') line.pop_back();
            out_.verbatim(line);
        }
    }

    void crossings() {
        std::size_t stronger = 0;
        std::size_t crossing_number = 0;
        std::size_t undecided_number = 0;
        for (const auto& row : report_.crossings) {
            if (adds_nothing(report_, row))
                ++stronger;
            else if (++(row.status == Crossing::Status::confirmed ? crossing_number : undecided_number) <= kMostOfAKind)
                crossing(row);
        }
        if (stronger + left_out(crossing_number) + left_out(undecided_number) != 0) out_.blank();
        more(crossing_number, "that cross");
        more(undecided_number, "that are undecided");
        if (stronger == 0) return;
        out_.line(fmt::format("{} more by stronger attackers, between the same domains and services: --format json",
                              stronger));
    }

    static std::size_t left_out(std::size_t number) { return number - std::min(number, kMostOfAKind); }

    void more(std::size_t number, std::string_view of_what) {
        if (left_out(number) != 0)
            out_.line(fmt::format("{} more {}: --format json, or html", left_out(number), of_what));
    }

    void crossing(const AuditReport::CrossingRow& row) {
        out_.blank();
        const bool anybody = row.attacker == Attacker::outsider;
        const std::string who =
            anybody ? "Anybody" : fmt::format("{} of {}", with_article(row.attacker), sources_of(report_, row.sources));
        const bool certain = row.status == Crossing::Status::confirmed;
        out_.entry(certain && row.counts ? Tone::bad : Tone::warning, certain ? "crosses" : "undecided",
                   fmt::format("{} {} into {}{}", who, certain ? "gets" : "may get", services_of(report_, row.services),
                               row.counts ? "" : " (stronger than asked for)"));
        if (!row.why.empty()) out_.field("because", row.why);
        if (row.accepted.given()) out_.field("accepted", text_of(report_, row.accepted));
        out_.field("path", place_of(row));
        for (const std::string& step : row.route) out_.field("exchange", step);
        if (!row.header.empty()) {
            out_.field("witness", row.header);
            out_.field("", row.claims);
        }
        if (!certain) return;
        for (std::size_t i = 0; i < row.remedies.size(); ++i) {
            const audit::Remedy& remedy = row.remedies[i];
            const bool best = row.fix == i;
            out_.field(i == 0 ? "requiring" : "",
                       fmt::format("{}: {} -> {} {}{}", title_of(remedy), remedy.now, remedy.then, stopped_by(remedy),
                                   best ? " (the smallest fix)" : ""));
        }
        // What is open has no path that could be changed, and a policy by itself has none that is written down; a
        // gateway's configuration has other words.
        const auto& service = report_.services[row.service];
        const bool by_hand = service.evidence == audit::Evidence::policy && !report_.policy_only;
        if (service.state == audit::Service::State::open) return;
        if (!row.fix)
            out_.field("fix", no_single_fix(row.attacker));
        else if (by_hand)
            fix(row);
        else if (const Location& where = row.remedies[*row.fix].where; !where.file.empty() && !report_.policy_only)
            out_.path("fix", fmt::format("{}:{}", where.file, where.line));
    }

    static std::string no_single_fix(Attacker attacker) {
        switch (attacker) {
        case Attacker::stolen_key: return "no change of one field: give each domain a key of its own (KEY-01)";
        case Attacker::hostile_issuer: return "no change of one field: take keys from places of its own domain alone";
        default: return "no change of one field: it takes several of these together";
        }
    }

    void fix(const AuditReport::CrossingRow& row) {
        const audit::Remedy& remedy = row.remedies[*row.fix];
        out_.path("fix", remedy.of_path ? fmt::format("{}:{}", row.where.file, row.where.line) : report_.policy.file);
        if (!remedy.before.empty()) out_.path("", "-" + remedy.before);
        if (!remedy.after.empty()) out_.path("", "+" + remedy.after);
    }

    static std::string with_article(Attacker attacker) {
        switch (attacker) {
        case Attacker::outsider: return "Anybody";
        case Attacker::replay: return "A replayed token";
        case Attacker::insider: return "An insider";
        case Attacker::stolen_key: return "A stolen key";
        case Attacker::hostile_issuer: return "A hostile issuer";
        }
        return {};
    }

    void undecided() {
        std::size_t number = 0;
        for (std::size_t s = 0; s < report_.services.size(); ++s) {
            const auto& row = report_.services[s];
            const bool open = row.state == Service::State::open;
            const std::string remark = remark_of(row);
            if (remark.empty()) continue;
            if (++number > kMostOfAKind) continue;
            if (number == 1) out_.blank();
            const char* const kind = row.revoked           ? "revoked"
                                     : row.accepts_nothing ? "takes nothing"
                                     : open                ? "open"
                                                           : "not proven";
            out_.entry(Tone::warning, kind, service(s) + ": " + remark);
        }
        more(number, "services like these");
    }

    void findings() {
        const auto useless = [](const auto& row) { return !row.problem.empty(); };
        if (report_.findings.empty() && std::none_of(report_.ignores.begin(), report_.ignores.end(), useless)) return;
        out_.blank();
        for (const auto& row : report_.ignores) {
            if (useless(row))
                out_.entry(Tone::warning, fmt::format("{:<8} IGNORES", name_of(kIgnoreSeverity)), row.problem);
        }
        std::map<std::string_view, std::size_t> numbers;
        for (const auto& row : report_.findings) {
            const RuleInfo* const rule = find_rule(row.finding.rule);
            if (++numbers[row.finding.rule] > kMostOfAKind) continue;
            const Tone tone = report_.fails(row) ? Tone::bad : Tone::warning;
            std::string text = row.finding.message;
            if (!row.finding.where.file.empty())
                text += fmt::format(" ({}:{})", row.finding.where.file, row.finding.where.line);
            out_.entry(tone, fmt::format("{:<8} {}", name_of(row.finding.severity), row.finding.rule), text);
            if (row.accepted.given())
                out_.entry(Tone::faint, "", text_of(report_, row.accepted));
            else if (rule && report_.fails(row))
                out_.entry(Tone::faint, "", row.finding.fix.empty() ? std::string(rule->fix) : row.finding.fix);
        }
        for (const auto& [rule, number] : numbers) more(number, fmt::format("findings of {}", rule));
    }

    void trust() {
        for (const auto& row : report_.trust)
            out_.entry(Tone::faint, "declared",
                       "tokens of " + domain(row.source) + " into " + service(row.service) + ", by a trust edge");
    }

    void closing() {
        if (!report_.fetched.empty()) out_.blank();
        for (const FetchedLine& line : report_.fetched)
            out_.entry(Tone::faint, "fetched", text_of(line) + ", SHA-256 " + line.sha256.substr(0, 16) + "...");
        if (report_.depth.counted && report_.depth.edits && *report_.depth.edits > 0 && report_.depth.path) {
            std::string facts;
            for (const audit::Separator& fact : report_.depth.facts)
                facts +=
                    (facts.empty() ? "" : ", ") + (fact.claim.empty() ? std::string(name_of(fact.field)) : fact.claim);
            out_.blank();
            out_.field("nearest", fmt::format("{} into {}: crosses once these fail: {}", domain(report_.depth.source),
                                              service(report_.depth.service), facts));
        }
        if (report_.says_isolated()) {
            out_.blank();
            out_.line(claim_of(report_) + ":");
            for (const std::string& each : assumptions(report_)) out_.line("- " + each, 4);
        }
        if (report_.verdict == Verdict::consistent)
            out_.line("Next: say what guards the resources, in `verifiers:` of the policy: jwtdomain schema verifier");
    }

    const AuditReport& report_;
    TextReport out_;
};

} // namespace

std::string to_text(const AuditReport& report, bool color) { return Writer(report, color).run(); }

} // namespace jwtdomain::cli
