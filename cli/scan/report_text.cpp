#include <algorithm>

#include <fmt/format.h>

#include "cli/app/text.h"
#include "cli/scan/words.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kShownPlaces = 5;
constexpr std::size_t kShownTokens = 200;

std::string plural(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

void put_headline(TextReport& out, const ScanReport& report) {
    const Coverage& coverage = report.coverage;
    const std::string read = fmt::format("{}, {}", plural(coverage.files, "file"), size_text(coverage.octets));
    const std::string rest = coverage.complete()         ? ""
                             : coverage.interrupted != 0 ? "; it was interrupted"
                                                         : "; not everything could be read";
    if (report.failing > 0) {
        out.headline(Tone::bad, "LEAKED",
                     fmt::format("{} of {} found ({} read{})", plural(report.failing, "token"), report.tokens.size(),
                                 read, rest));
    } else if (!coverage.complete()) {
        out.headline(Tone::warning, "INCOMPLETE",
                     fmt::format("{}, none of them at {} or above ({} read{})", plural(report.tokens.size(), "token"),
                                 name_of(report.fail_on), read, rest));
    } else if (report.tokens.empty()) {
        out.headline(Tone::good, "CLEAN", fmt::format("no token ({} read)", read));
    } else {
        out.headline(Tone::good, "CLEAN",
                     fmt::format("{}, none of them at {} or above ({} read)", plural(report.tokens.size(), "token"),
                                 name_of(report.fail_on), read));
    }
}

Tone tone_of(Severity severity) {
    return severity <= Severity::high ? Tone::bad : severity <= Severity::low ? Tone::warning : Tone::faint;
}

std::string life_of(const FoundToken& token, Time now) {
    const TriageReport& triage = token.triage;
    if (!triage.token) return {};
    if (!triage.accepts.empty())
        return triage.until
                   ? fmt::format("until {} ({})", format_time(*triage.until), format_relative(*triage.until, now))
                   : "without end";
    if (triage.token->expires)
        return fmt::format(
            "{} {}", *triage.token->expires <= now ? "since" : "until",
            fmt::format("{} ({})", format_time(*triage.token->expires), format_relative(*triage.token->expires, now)));
    return token.form == scan::Form::jwe || !triage.token->claims.whole ? "" : "without end";
}

void put_places(TextReport& out, const FoundToken& token) {
    std::size_t shown = 0;
    for (const Occurrence& place : token.occurrences) {
        if (shown++ == kShownPlaces) break;
        const std::string how = how_found(place);
        out.path("found", fmt::format("{}:{}{}", place.path, place.line, how.empty() ? "" : " (" + how + ")"));
    }
    if (token.count > kShownPlaces) out.field("", fmt::format("and {} more times", token.count - kShownPlaces));
}

void put_token(TextReport& out, const FoundToken& token, const ScanReport& report) {
    const TriageReport& triage = token.triage;
    std::string what(state_text(token, report.policy_read));
    if (const std::string life = life_of(token, report.now); !life.empty()) what += " " + life;
    if (triage.token) what += fmt::format(", {}", describe(token.form, *triage.token));
    if (token.condition != scan::Condition::whole) what += fmt::format(", {}", name_of(token.condition));
    if (!token.example.empty()) what += ", known example: " + token.example;
    out.blank();
    out.headline(tone_of(token.severity), name_of(token.severity), what);
    out.field("fingerprint", token.fingerprint);
    if (triage.token && !triage.token->header.json.empty()) out.field("header", triage.token->header.json);
    if (triage.token && !triage.token->claims.json.empty()) out.field("claims", triage.token->claims.json);
    if (!token.token.empty()) out.path("token", token.token);
    put_places(out, token);
    for (const auto& row : triage.accepts) {
        std::string text = fmt::format("{} of {} [{}]", row.service, row.domain, audit::name_of(row.evidence));
        if (!row.scopes.empty()) text += fmt::format(", scope {}", fmt::join(row.scopes, " "));
        if (!row.key.empty()) text += fmt::format(", key {}", row.key);
        if (!row.verified) text += ", if its signature is good";
        out.field("accepted by", text);
    }
    if (token.severity > Severity::high) return;
    if (!report.policy_read) out.field("accepted by", "unknown: there is no policy to ask");
    for (const std::string& each : triage.undecided) out.field("not known", each);
    for (const std::string& each : triage.actions) out.field("stop it", each);
}

} // namespace

std::string to_text(const ScanReport& report, bool color) {
    TextReport out(color);
    put_headline(out, report);
    std::string domain;
    std::size_t shown = 0;
    for (const FoundToken& token : report.tokens) {
        if (shown == 0 || token.triage.domain != domain) {
            domain = token.triage.domain;
            if (report.policy_read) out.blank();
            if (report.policy_read)
                out.heading(domain.empty() ? "Of no domain of the policy" : "Of " + escape_text(domain));
        }
        if (shown++ == kShownTokens) {
            out.line(fmt::format("{} more tokens: --format jsonl tells of all", report.tokens.size() - kShownTokens));
            break;
        }
        put_token(out, token, report);
    }
    if (!report.coverage.gaps.empty()) {
        out.blank();
        out.heading("Not read");
        constexpr std::size_t kLines = 20;
        for (std::size_t i = 0; i < std::min(kLines, report.coverage.gaps.size()); ++i) {
            const CoverageGap& gap = report.coverage.gaps[i];
            out.entry(Tone::warning, name_of(gap.gap),
                      gap.detail.empty() ? gap.path : fmt::format("{}: {}", gap.path, gap.detail));
        }
        if (report.coverage.gap_count > kLines)
            out.line(fmt::format("and {} more", report.coverage.gap_count - kLines));
    }
    return out.take();
}

} // namespace jwtdomain::cli
