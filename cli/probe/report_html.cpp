// The matrix says in words what its colours show; below it each target, with what it checks and what it was sent.
#include <utility>

#include <fmt/format.h>

#include "cli/app/html.h"
#include "cli/probe/headline.h"
#include "cli/probe/issues.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::cli {
namespace {

using probe::Sent;

constexpr std::size_t kWidestMatrix = 100, kLongestMatrix = 500; // domains, targets
constexpr std::size_t kNarrow = 8;                               // domains; the names of more stand upright
constexpr std::size_t kInFull = 100;                             // targets; of the others there are the findings

// The colours of the style sheet.
std::string_view tone_class(ProbeVerdict verdict) {
    switch (verdict) {
    case ProbeVerdict::holds: return "apart";
    case ProbeVerdict::inconclusive: return "unknown";
    case ProbeVerdict::weak: return "stolen-key";
    case ProbeVerdict::leaks: return "insider";
    }
    return {};
}

std::string_view tone_class(ProbeCell cell) {
    switch (cell) {
    case ProbeCell::accepted: return "insider";
    case ProbeCell::unknown:
    case ProbeCell::not_sent: return "unknown";
    case ProbeCell::declared: return "declared";
    case ProbeCell::refused: return "apart";
    case ProbeCell::home: return "home";
    }
    return {};
}

class ProbePage {
public:
    explicit ProbePage(const ProbeReport& report) : report_(report) {}

    std::string run() {
        out_ = html_begin({.command = "probe",
                           .verdict = name_of(report_.verdict),
                           .tone = tone_class(report_.verdict),
                           .headline = headline_of(report_),
                           .standing = standing_of(report_)});
        out_ += fmt::format("<p>{}: {}.</p>\n", name_of(report_.verdict), meaning_of(report_.verdict));
        matrix();
        out_ += html_findings(issues_of(report_));
        out_ += "<h2>Targets</h2>\n";
        for (std::size_t i = 0; i < report_.rows.size() && i < kInFull; ++i) target(report_.rows[i]);
        if (report_.rows.size() > kInFull)
            out_ += fmt::format("<p>{} more are above.</p>\n", plural(report_.rows.size() - kInFull, "target"));
        omissions();
        out_ += html_end();
        return std::move(out_);
    }

private:
    void matrix() {
        const std::vector<std::string> domains = domains_of(report_);
        if (domains.size() < 2) return;
        out_ += "<h2>Who gets in where</h2>\n";
        if (domains.size() > kWidestMatrix || report_.rows.size() > kLongestMatrix) {
            out_ += fmt::format("<p>{} domains and {} targets are too many for a table.</p>\n", domains.size(),
                                report_.rows.size());
            return;
        }
        out_ +=
            fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Who gets in where\">"
                        "<table{}>\n<caption>What the row's target does with tokens of the column's domain</caption>\n"
                        "<thead><tr><th scope=\"col\">taken at</th>",
                        domains.size() > kNarrow ? " class=\"wide\"" : "");
        for (const std::string& name : domains) out_ += "<th scope=\"col\">" + html_raw(name) + "</th>";
        out_ += "</tr></thead>\n<tbody>\n";
        for (const auto& row : report_.rows) {
            out_ += "<tr><th scope=\"row\">" + html_raw(name_of(row.findings)) + "</th>";
            for (const std::string& name : domains) {
                const ProbeCell cell = cell_of(row.findings, name);
                out_ += fmt::format("<td class=\"{}\">{}</td>", tone_class(cell), text_of(cell));
            }
            out_ += "</tr>\n";
        }
        out_ += "</tbody>\n</table></div>\n";
    }

    void target(const ProbeReport::Row& row) {
        const probe::Findings& findings = row.findings;
        out_ += fmt::format("<h3>{} <span class=\"verdict {}\">{}</span></h3>\n<p class=\"faint\">{}; {}</p>\n",
                            html_raw(name_of(findings)), tone_class(row.verdict), name_of(row.verdict),
                            html_place(row.places.declared), plural(findings.requests, "request"));
        if (!findings.controlled)
            out_ += "<p>No control: " + html_raw(findings.why) + ". A refusal shows nothing.</p>\n";
        foreign(findings);
        checks(findings);
    }

    void foreign(const probe::Findings& findings) {
        std::string rows;
        for (const Sent& sent : findings.sent) {
            if (sent.kind == nullptr)
                rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", html_raw(sent.title()),
                                    outcome_of(sent), html_raw(sent.detail));
        }
        if (rows.empty()) return;
        out_ += "<div class=\"scroll\"><table>\n<caption>Tokens of other domains</caption>\n" +
                html_columns({"token", "outcome", "answers"}) + "<tbody>\n" + rows + "</tbody>\n</table></div>\n";
    }

    static std::string labels(const std::vector<const Sent*>& list) {
        std::vector<std::string> out;
        for (const Sent* sent : list) out.push_back(sent->label);
        return html_raw(join(out, "; "));
    }

    void checks(const probe::Findings& findings) {
        std::string rows;
        for (const ProbedCheck& check : checks_of(findings)) {
            const std::string_view says = !check.taken.empty()                      ? "not enforced"
                                          : check.enforced() && findings.controlled ? "enforced"
                                                                                    : "not known";
            rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                                check.name, says, labels(check.taken), labels(check.refused), labels(check.unknown));
        }
        if (rows.empty()) return;
        out_ +=
            "<div class=\"scroll\"><table>\n<caption>What it checks, by the domain's own token changed in one thing "
            "each</caption>\n" +
            html_columns({"check", "is", "taken", "refused", "not known"}) + "<tbody>\n" + rows +
            "</tbody>\n</table></div>\n";
    }

    void omissions() {
        const std::vector<std::string> list = omissions_of(report_);
        if (list.empty()) return;
        out_ += "<h2>Not sent</h2>\n<ul>\n";
        for (const std::string& each : list) out_ += "<li>" + html_text(each) + "</li>\n";
        out_ += "</ul>\n";
    }

    const ProbeReport& report_;
    std::string out_;
};

} // namespace

std::string to_html(const ProbeReport& report) { return ProbePage(report).run(); }

} // namespace jwtdomain::cli
