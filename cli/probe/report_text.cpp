#include <fmt/format.h>

#include "cli/app/layout.h"
#include "cli/app/text.h"
#include "cli/probe/headline.h"
#include "cli/probe/report.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::cli {
namespace {

using probe::Conclusion;

constexpr std::size_t kWidestMatrix = 4, kLongestMatrix = 60; // domains, targets
constexpr std::size_t kCell = 12;

Tone tone_of(ProbeCell cell) {
    switch (cell) {
    case ProbeCell::accepted: return Tone::bad;
    case ProbeCell::unknown:
    case ProbeCell::not_sent: return Tone::warning;
    case ProbeCell::declared:
    case ProbeCell::refused:
    case ProbeCell::home: return Tone::plain;
    }
    return Tone::plain;
}

// Where there are several targets; of one the lines below say the same.
void matrix(TextReport& out, const ProbeReport& report) {
    const std::vector<std::string> domains = domains_of(report);
    if (report.rows.size() < 2 || report.rows.size() > kLongestMatrix || domains.size() > kWidestMatrix) return;
    const std::size_t left = kTextWidth - 2 - kCell * domains.size();
    std::string header = "  " + padded("taken at \\ token of", left);
    for (const std::string& name : domains) header += padded(escape_text(name, kCell - 1), kCell);
    out.blank();
    out.verbatim(out.paint(Tone::faint, header.substr(0, header.find_last_not_of(' ') + 1)));
    for (const auto& row : report.rows) {
        std::string line = "  " + padded(escape_text(row.findings.target, left - 1), left);
        std::size_t gap = 0;
        for (const std::string& name : domains) {
            const ProbeCell cell = cell_of(row.findings, name);
            line += std::string(gap, ' ') + out.paint(tone_of(cell), text_of(cell));
            gap = kCell - text_of(cell).size();
        }
        out.verbatim(line);
    }
}

class Target {
public:
    Target(TextReport& out, const ProbeReport::Row& row) : out_(out), row_(row), findings_(row.findings) {}

    void write() {
        out_.blank();
        out_.heading(fmt::format("{}  {}", escape_text(findings_.domain), name_of(row_.verdict)));
        out_.path("target", findings_.target);
        if (!findings_.controlled) out_.entry(Tone::warning, "no control", findings_.why + ": a refusal shows nothing");
        foreign();
        std::vector<std::string> enforced;
        for (const ProbedCheck& check : checks_of(findings_)) {
            if (check.enforced()) enforced.emplace_back(check.name);
            if (!check.taken.empty()) out_.entry(Tone::bad, "NOT ENFORCED", taken(check));
        }
        if (!enforced.empty()) out_.entry(Tone::good, "enforced", join(enforced, ", "));
        disagrees(Tone::bad, "takes what its configuration refuses", &probe::Sent::is_wider);
        disagrees(Tone::warning, "refuses what its configuration takes", &probe::Sent::is_narrower);
        unknown();
        told();
        skipped();
    }

private:
    // "audience: takes no audience; an empty list of audiences (AUD-02)"
    static std::string taken(const ProbedCheck& check) {
        std::vector<std::string> what, rules;
        for (const probe::Sent* sent : check.taken) {
            what.push_back(sent->label);
            if (rules.empty() || rules.back() != sent->kind->rule) rules.emplace_back(sent->kind->rule);
        }
        return fmt::format("{}: takes {} ({})", check.name, join(what, "; "), join(rules, ", "));
    }

    void foreign() {
        for (const probe::Sent& sent : findings_.sent) {
            if (sent.kind != nullptr) continue;
            const bool broken = sent.conclusion == Conclusion::broken;
            out_.entry(
                broken                                 ? Tone::bad
                : sent.conclusion == Conclusion::holds ? Tone::good
                                                       : Tone::warning,
                outcome_of(sent),
                fmt::format("{} ({}){}", sent.title(), sent.detail, broken ? fmt::format(": {}", sent.rule()) : ""));
            if (!sent.fix.empty()) out_.entry(Tone::plain, "let in by", sent.fix);
        }
    }

    // The model or the deployment is wrong.
    void disagrees(Tone tone, const std::string& does, bool (probe::Sent::*test)() const) {
        std::vector<std::string> what;
        for (const probe::Sent& sent : findings_.sent) {
            if ((sent.*test)()) what.push_back(sent.title());
        }
        if (!what.empty()) out_.entry(tone, "DISAGREES", fmt::format("it {}: {}", does, join(what, "; ")));
    }

    void unknown() {
        if (!findings_.controlled) return; // everything is
        for (const probe::Sent& sent : findings_.sent) {
            if (sent.kind != nullptr && sent.conclusion == Conclusion::inconclusive)
                out_.entry(Tone::warning, "not known", fmt::format("{}: {}", sent.label, sent.detail));
        }
    }

    // Which of both it does, where either is right.
    void told() {
        if (!findings_.controlled) return;
        std::vector<std::string> taken;
        for (const probe::Sent& sent : findings_.sent) {
            if (sent.kind != nullptr && sent.accepted && sent.conclusion == Conclusion::holds)
                taken.push_back(sent.label);
        }
        if (!taken.empty()) out_.entry(Tone::faint, "also takes", join(taken, "; "));
    }

    void skipped() {
        for (const auto& [why, count] : unsent(findings_))
            out_.entry(Tone::faint, "not sent", fmt::format("{}: {}", plural(count, "kind"), why));
    }

    TextReport& out_;
    const ProbeReport::Row& row_;
    const probe::Findings& findings_;
};

} // namespace

std::string to_text(const ProbeReport& report, bool color) {
    TextReport out(color);
    out.headline(tone_of(report.verdict), name_of(report.verdict), headline_of(report));
    out.line(standing_of(report));
    matrix(out, report);
    for (const auto& row : report.rows) Target(out, row).write();
    return out.take();
}

} // namespace jwtdomain::cli
