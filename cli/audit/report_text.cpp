#include <algorithm>

#include <fmt/format.h>

#include "cli/app/text.h"
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
constexpr std::size_t kNamed = 4;

std::string names(const std::vector<std::size_t>& list, const auto& name_of_one) {
    std::string out;
    for (std::size_t i = 0; i < list.size() && i < kNamed; ++i) out += (i ? ", " : "") + name_of_one(list[i]);
    if (list.size() > kNamed) out += fmt::format(" and {} more", list.size() - kNamed);
    return out;
}

class Writer {
public:
    Writer(const AuditReport& report, bool color) : report_(report), out_(color) {}

    std::string run() {
        headline();
        matrix();
        for (const auto& row : report_.crossings) crossing(row);
        undecided();
        findings();
        trust();
        closing();
        return out_.take();
    }

private:
    std::string domain(std::size_t index) const { return report_.domains[index]; }
    std::string service(std::size_t index) const {
        const auto& row = report_.services[index];
        const std::string& of = report_.domains[row.domain];
        return row.name == of ? of : row.name + " of " + of;
    }
    std::string sources(const std::vector<std::size_t>& list) const {
        if (list.size() == report_.domains.size()) return "every domain";
        return names(list, [&](std::size_t i) { return domain(i); });
    }
    std::string targets(const std::vector<std::size_t>& list) const {
        return names(list, [&](std::size_t i) { return service(i); });
    }
    std::string evidence() const { return fmt::format("[{}]", name_of(report_.evidence)); }

    const AuditReport::CrossingRow* worst(Crossing::Status status) const {
        const auto found = std::find_if(report_.crossings.begin(), report_.crossings.end(), [&](const auto& row) {
            return row.counts && (row.status == status ||
                                  (status != Crossing::Status::confirmed && row.status != Crossing::Status::confirmed));
        });
        return found == report_.crossings.end() ? nullptr : &*found;
    }

    void headline() {
        const std::size_t all = report_.services.size();
        std::string rest;
        Tone tone = Tone::good;
        switch (report_.verdict) {
        case Verdict::leaks: {
            tone = Tone::bad;
            const auto* row = worst(Crossing::Status::confirmed);
            rest = fmt::format("{} of {} services", report_.leaking(), all);
            if (row) {
                const std::string whose =
                    row->attacker == Attacker::outsider ? "anybody's tokens" : "tokens of " + sources(row->sources);
                rest += fmt::format(": {} takes {} ({})", service(row->service), whose, name_of(row->attacker));
            }
            break;
        }
        case Verdict::not_proven: {
            tone = Tone::warning;
            const auto count = std::count_if(report_.services.begin(), report_.services.end(),
                                             [](const auto& row) { return row.verdict == Verdict::not_proven; });
            rest = fmt::format("for {} of {} services", count, all);
            const auto first = std::find_if(report_.services.begin(), report_.services.end(),
                                            [](const auto& row) { return row.verdict == Verdict::not_proven; });
            if (first != report_.services.end())
                rest += ": " + service(static_cast<std::size_t>(first - report_.services.begin()));
            break;
        }
        case Verdict::isolated: rest = fmt::format("{} services of {} domains", all, report_.domains.size()); break;
        case Verdict::consistent:
            rest = fmt::format("{} domains: nothing crosses in the policy; what guards them was not read",
                               report_.domains.size());
        }
        out_.headline(tone, name_of(report_.verdict), rest + " " + evidence());
        std::string depth =
            fmt::format("against {}, depth {}", name_of(report_.options.against), text_of(report_.depth));
        if (report_.depth.survives_theft)
            depth += *report_.depth.survives_theft ? ", survives the theft of any one key"
                                                   : ", does not survive the theft of a key";
        out_.line(fmt::format("{}; {} of {} services read, as of {}", depth, report_.population.read,
                              report_.population.all, format_time(report_.now)));
        if (report_.too_shallow()) out_.line(fmt::format("--min-depth {} is not met", *report_.options.min_depth));
    }

    static std::string cell_text(const audit::Cell& cell) {
        if (cell.leak && (!cell.unknown || *cell.leak <= *cell.unknown)) return std::string(name_of(*cell.leak));
        if (cell.unknown) return "?" + std::string(name_of(*cell.unknown));
        return cell.declared ? "declared" : ".";
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
                const std::string text = report_.services[s].domain == d ? "home" : cell_text(cell);
                const bool counts = cell.leak && *cell.leak <= report_.options.against;
                line +=
                    out_.paint(counts ? Tone::bad : Tone::plain, fmt::format("{:<{}}", text.substr(0, wide - 1), wide));
            }
            while (!line.empty() && line.back() == ' ') line.pop_back();
            out_.verbatim(line);
        }
    }

    static std::string stops(const audit::Remedy& remedy) {
        if (remedy.stops.empty()) return "stops nobody";
        std::string out = "stops ";
        for (std::size_t i = 0; i < remedy.stops.size(); ++i)
            out += (i ? ", " : "") + std::string(name_of(remedy.stops[i]));
        return out;
    }

    static std::string field(const audit::Remedy& remedy) {
        return remedy.field == audit::Field::claim ? remedy.claim : std::string(name_of(remedy.field));
    }

    void crossing(const AuditReport::CrossingRow& row) {
        out_.blank();
        const bool anybody = row.attacker == Attacker::outsider;
        const std::string who =
            anybody ? "Anybody" : fmt::format("{} of {}", with_article(row.attacker), sources(row.sources));
        const bool certain = row.status == Crossing::Status::confirmed;
        const std::string what = fmt::format("{} {} into {}", who, certain ? "gets" : "may get", targets(row.services));
        out_.verbatim(out_.paint(certain && row.counts ? Tone::bad : Tone::warning, certain ? "crosses" : "undecided") +
                      (row.counts ? "" : out_.paint(Tone::faint, " (stronger than asked for)")));
        out_.line(escape_text(what));
        if (!row.why.empty()) out_.field("because", row.why);
        std::string place = row.path;
        if (!row.where.file.empty()) place += fmt::format(", {}:{}", row.where.file, row.where.line);
        out_.field("path", place);
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
                       fmt::format("{}: {} -> {} {}{}", field(remedy), remedy.now, remedy.then, stops(remedy),
                                   best ? " (the smallest fix)" : ""));
        }
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
        bool first = true;
        for (std::size_t s = 0; s < report_.services.size(); ++s) {
            const auto& row = report_.services[s];
            const bool open = row.state == Service::State::open;
            if (row.why.empty() && !row.accepts_nothing) continue;
            if (std::exchange(first, false)) out_.blank();
            if (row.accepts_nothing)
                out_.entry(Tone::warning, "takes nothing", service(s) + " accepts no token at all, not even its own");
            else
                out_.entry(Tone::warning, open ? "open" : "not proven", service(s) + ": " + row.why);
        }
    }

    void findings() {
        if (report_.findings.empty()) return;
        out_.blank();
        for (const auto& row : report_.findings) {
            const RuleInfo* const rule = find_rule(row.finding.rule);
            const Tone tone = row.finding.severity <= report_.options.fail_on ? Tone::bad : Tone::warning;
            std::string text = row.finding.message;
            if (!row.finding.where.file.empty())
                text += fmt::format(" ({}:{})", row.finding.where.file, row.finding.where.line);
            out_.entry(tone, fmt::format("{:<8} {}", name_of(row.finding.severity), row.finding.rule), text);
            if (rule && row.finding.severity <= report_.options.fail_on)
                out_.entry(Tone::faint, "", row.finding.fix.empty() ? std::string(rule->fix) : row.finding.fix);
        }
    }

    void trust() {
        for (const auto& row : report_.trust)
            out_.entry(Tone::faint, "declared",
                       "tokens of " + domain(row.source) + " into " + service(row.service) + ", by a trust edge");
    }

    void closing() {
        if (report_.depth.counted && report_.depth.edits && *report_.depth.edits > 0 && report_.depth.path) {
            std::string facts;
            for (const audit::Separator& fact : report_.depth.facts)
                facts +=
                    (facts.empty() ? "" : ", ") + (fact.claim.empty() ? std::string(name_of(fact.field)) : fact.claim);
            out_.blank();
            out_.field("nearest", fmt::format("{} into {}: crosses once these fail: {}", domain(report_.depth.source),
                                              service(report_.depth.service), facts));
        }
        if (report_.verdict == Verdict::isolated || report_.verdict == Verdict::consistent) {
            out_.blank();
            out_.line("Under these assumptions:");
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
