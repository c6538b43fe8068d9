#include <algorithm>

#include <fmt/format.h>

#include "cli/app/text.h"
#include "cli/scan/words.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kShownPlaces = 5;
constexpr std::size_t kShownTokens = 200;

void put_headline(TextReport& out, const ScanReport& report) {
    const ScanVerdict verdict = verdict_of(report);
    out.headline(verdict.bad ? Tone::bad : verdict.incomplete ? Tone::warning : Tone::good, verdict.word, verdict.rest);
}

Tone tone_of(Severity severity) {
    return severity <= Severity::high ? Tone::bad : severity <= Severity::low ? Tone::warning : Tone::faint;
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
    if (token.known) out.field("", text_of(*token.known));
    if (triage.token && !triage.token->header.json.empty()) out.field("header", triage.token->header.json);
    if (triage.token && !triage.token->claims.json.empty()) out.field("claims", triage.token->claims.json);
    if (const std::string signer = signer_text(token); !signer.empty()) out.field("signed by", signer);
    if (const std::string revoked = revoked_text(triage); !revoked.empty()) out.field("revoked", revoked);
    if (!token.token.empty()) out.path("token", token.token);
    put_places(out, token);
    for (const auto& row : triage.accepts) {
        out.field("accepted by", accepted_text(row));
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
    put_plan(out, report.plan);
    if (report.across) put_across(out, *report.across);
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
