#include "cli/probe/headline.h"

#include <fmt/format.h>

namespace jwtdomain::cli {

std::string plural(std::size_t count, const std::string& thing) {
    return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string name_of(const probe::Findings& findings) { return findings.domain + ", " + findings.target; }

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
    const std::string name = name_of(worst->findings);
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

std::string standing_of(const ProbeReport& report) {
    return fmt::format("[probed] {}, as of {}", plural(report.requests, "request"), format_time(report.now));
}

std::string_view meaning_of(ProbeVerdict verdict) {
    switch (verdict) {
    case ProbeVerdict::holds: return "neither was found, of what was sent; what was not sent is not known";
    case ProbeVerdict::inconclusive: return "it could not be seen, which is not a pass";
    case ProbeVerdict::weak: return "something is not checked, or it is not guarded as its configuration says";
    case ProbeVerdict::leaks: return "a token of another domain is taken";
    }
    return {};
}

std::string outcome_of(const probe::Sent& sent) {
    switch (sent.conclusion) {
    case probe::Conclusion::broken: return "ACCEPTED";
    case probe::Conclusion::holds: return "refused";
    case probe::Conclusion::inconclusive: return "not known";
    case probe::Conclusion::skipped: return sent.declared ? "declared" : "not sent";
    }
    return {};
}

std::string_view text_of(ProbeCell cell) {
    switch (cell) {
    case ProbeCell::not_sent: return "not sent";
    case ProbeCell::declared: return "declared";
    case ProbeCell::refused: return "refused";
    case ProbeCell::unknown: return "not known";
    case ProbeCell::accepted: return "ACCEPTED";
    case ProbeCell::home: return "home";
    }
    return {};
}

Tone tone_of(ProbeVerdict verdict) {
    switch (verdict) {
    case ProbeVerdict::holds: return Tone::good;
    case ProbeVerdict::inconclusive: return Tone::warning;
    case ProbeVerdict::weak:
    case ProbeVerdict::leaks: return Tone::bad;
    }
    return Tone::plain;
}

} // namespace jwtdomain::cli
