#include <map>

#include <fmt/format.h>

#include "cli/app/text.h"
#include "cli/probe/report.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::cli {
namespace {

using probe::Conclusion;

Tone tone_of(ProbeVerdict verdict) {
    switch (verdict) {
    case ProbeVerdict::holds: return Tone::good;
    case ProbeVerdict::inconclusive: return Tone::warning;
    case ProbeVerdict::weak:
    case ProbeVerdict::leaks: return Tone::bad;
    }
    return Tone::plain;
}

std::string plural(std::size_t count, const std::string& thing) {
    return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string headline_of(const ProbeReport& report) {
    const ProbeReport::Row* worst = nullptr;
    std::size_t of_worst = 0;
    for (const auto& row : report.rows) {
        if (row.verdict != report.verdict) continue;
        if (worst == nullptr) worst = &row;
        ++of_worst;
    }
    const std::string all = plural(report.rows.size(), "target");
    if (worst == nullptr) return all;
    const char* const s = of_worst == 1 ? "s" : "";
    const std::string name = worst->findings.domain + ", " + worst->findings.target;
    switch (report.verdict) {
    case ProbeVerdict::holds:
        return fmt::format("{}: whatever was foreign or changed was refused, beside good controls", all);
    case ProbeVerdict::inconclusive: return fmt::format("{} of {}, first {}", of_worst, all, name);
    case ProbeVerdict::weak:
        return fmt::format("{} of {} leave{} something unchecked, first {}", of_worst, all, s, name);
    case ProbeVerdict::leaks:
        return fmt::format("{} of {} take{} tokens of another domain, first {}", of_worst, all, s, name);
    }
    return {};
}

class Target {
public:
    Target(TextReport& out, const ProbeReport::Row& row) : out_(out), row_(row), findings_(row.findings) {}

    void write() {
        out_.blank();
        out_.heading(fmt::format("{}  {}", findings_.domain, name_of(row_.verdict)));
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
            const std::string what = broken                                        ? "ACCEPTED"
                                     : sent.conclusion == Conclusion::holds        ? "refused"
                                     : sent.conclusion == Conclusion::inconclusive ? "not known"
                                     : sent.declared                               ? "declared"
                                                                                   : "not sent";
            out_.entry(
                broken                                 ? Tone::bad
                : sent.conclusion == Conclusion::holds ? Tone::good
                                                       : Tone::warning,
                what,
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
        std::map<std::string, std::size_t> reasons;
        for (const probe::Sent& sent : findings_.sent) {
            if (sent.kind != nullptr && sent.conclusion == Conclusion::skipped) ++reasons[sent.detail];
        }
        for (const auto& [why, count] : reasons)
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
    out.line(fmt::format("[probed] {}, as of {}", plural(report.requests, "request"), format_time(report.now)));
    for (const auto& row : report.rows) Target(out, row).write();
    return out.take();
}

} // namespace jwtdomain::cli
