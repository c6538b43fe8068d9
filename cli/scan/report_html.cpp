#include <utility>

#include <fmt/format.h>

#include "cli/app/html.h"
#include "cli/scan/words.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kTokensInFull = 500;

std::string_view class_of(Severity severity) {
    switch (severity) {
    case Severity::critical:
    case Severity::high: return "insider";
    case Severity::medium: return "stolen-key";
    case Severity::low: return "unknown";
    case Severity::info: return "home";
    }
    return {};
}

class ScanPage {
public:
    explicit ScanPage(const ScanReport& report) : report_(report) {}

    std::string run() {
        const ScanVerdict verdict = verdict_of(report_);
        out_ = html_begin({.command = "scan",
                           .verdict = verdict.word,
                           .tone = verdict.bad          ? "insider"
                                   : verdict.incomplete ? "unknown"
                                                        : "apart",
                           .headline = verdict.rest,
                           .standing = fmt::format("As of {}; {}", format_time(report_.now),
                                                   report_.policy_read ? "judged by a policy"
                                                                       : "there is no policy to ask who accepts it")});
        overview();
        std::size_t shown = 0;
        for (const FoundToken& each : report_.tokens) {
            if (shown++ == kTokensInFull) break;
            token(each);
        }
        plan();
        gaps();
        out_ += html_end();
        return std::move(out_);
    }

private:
    void overview() {
        if (report_.tokens.empty()) return;
        out_ += "<h2>Tokens</h2>\n<div class=\"scroll\"><table>\n<caption>By domain, worst first</caption>\n" +
                html_columns({"severity", "state", "domain", "what", "fingerprint", "places", "first at"}) +
                "<tbody>\n";
        for (const FoundToken& each : report_.tokens) {
            const std::string first =
                each.occurrences.empty() ? "" : html_code(place_text(each.occurrences.front(), false));
            out_ += fmt::format("<tr><td class=\"{}\"{w}>{}</td><td{w}>{}</td><td{w}>{}</td><td>{}</td><td{w}>{}</td>"
                                "<td{w}>{}</td><td>{}</td></tr>\n",
                                class_of(each.severity), name_of(each.severity),
                                html_raw(state_text(each, report_.policy_read)), html_raw(each.triage.domain),
                                html_raw(what_of(each)), html_code(each.fingerprint.substr(0, 16)), each.count, first,
                                fmt::arg("w", " style=\"white-space:nowrap;min-width:5rem\""));
        }
        out_ += "</tbody>\n</table></div>\n";
    }

    static std::string place_text(const Occurrence& place, bool with_how) {
        const std::string how = with_how ? how_found(place) : "";
        return fmt::format("{}:{}{}", place.path, place.line, how.empty() ? "" : " (" + how + ")");
    }

    static std::string what_of(const FoundToken& token) {
        std::string out = token.triage.token ? describe(token.form, *token.triage.token) : "";
        if (token.condition != scan::Condition::whole) out += fmt::format(", {}", name_of(token.condition));
        if (!token.example.empty()) out += ", known example: " + token.example;
        if (token.known) out += ", " + text_of(*token.known);
        return out;
    }

    void row(std::string_view name, const std::string& cell) {
        if (!cell.empty()) out_ += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", name, cell);
    }

    void token(const FoundToken& token) {
        const TriageReport& triage = token.triage;
        out_ += fmt::format("<h3>{} {} {}</h3>\n<div class=\"scroll\"><table>\n<tbody>\n", name_of(token.severity),
                            html_raw(state_text(token, report_.policy_read)), html_raw(life_of(token, report_.now)));
        row("fingerprint", html_code(token.fingerprint));
        row("domain", html_raw(triage.domain));
        row("what", html_raw(what_of(token)));
        row("header", triage.token ? html_code(triage.token->header.json) : "");
        row("claims", triage.token ? html_code(triage.token->claims.json) : "");
        row("signed by", html_raw(signer_text(token)));
        row("revoked", html_raw(revoked_text(triage)));
        row("token", html_code(token.token));
        for (const auto& each : triage.accepts) row("accepted by", html_raw(accepted_text(each)));
        for (const std::string& each : triage.undecided) row("not known", html_raw(each));
        for (const std::string& each : triage.actions) row("stop it", html_raw(each));
        for (const Occurrence& each : token.occurrences) row("found", html_code(place_text(each, true)));
        if (token.count > token.occurrences.size())
            row("", fmt::format("and {} more times", token.count - token.occurrences.size()));
        out_ += "</tbody>\n</table></div>\n";
    }

    void plan() {
        if (report_.plan.empty()) return;
        out_ += "<h2>What stops them, in this order</h2>\n<ol>\n";
        for (const PlanStep& step : report_.plan) out_ += fmt::format("<li>{}</li>\n", html_raw(step.text));
        out_ += "</ol>\n";
    }

    void gaps() {
        if (report_.coverage.gaps.empty()) return;
        out_ += "<h2>Not read</h2>\n<ul>\n";
        for (const CoverageGap& gap : report_.coverage.gaps)
            out_ += fmt::format("<li>{}: {}{}</li>\n", html_code(gap.path), name_of(gap.gap),
                                gap.detail.empty() ? "" : ": " + html_raw(gap.detail));
        const std::uint64_t more = report_.coverage.gap_count - report_.coverage.gaps.size();
        out_ += more > 0 ? fmt::format("<li>and {} more</li>\n</ul>\n", more) : "</ul>\n";
    }

    const ScanReport& report_;
    std::string out_;
};

} // namespace

std::string to_html(const ScanReport& report) { return ScanPage(report).run(); }

} // namespace jwtdomain::cli
