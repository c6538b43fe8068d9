// The matrix is a heat map whose cells say in words what their colour shows.
#include <utility>

#include <fmt/format.h>

#include "cli/app/html.h"
#include "cli/audit/codes.h"
#include "cli/audit/graph.h"
#include "cli/audit/headline.h"
#include "cli/audit/issues.h"
#include "cli/audit/witness_fields.h"

namespace jwtdomain::cli {
namespace {

using audit::Verdict;

constexpr std::size_t kWidestMatrix = 100, kLongestMatrix = 500; // domains, services
constexpr std::size_t kNarrow = 8;                               // domains; the names of more stand upright
constexpr std::size_t kInFull = 200;                             // crossings; of the others one line each

class Page {
public:
    explicit Page(const AuditReport& report) : report_(report) {}

    std::string run() {
        head();
        matrix();
        crossings();
        services();
        issues();
        closing();
        out_ += html_end();
        return std::move(out_);
    }

private:
    void head() {
        out_ = html_begin({.command = "audit",
                           .verdict = name_of(report_.verdict),
                           .tone = tone(),
                           .headline = headline_of(report_),
                           .standing = standing_of(report_)});
    }

    std::string_view tone() const {
        switch (report_.verdict) {
        case Verdict::leaks: return "insider";
        case Verdict::not_proven: return "unknown";
        case Verdict::isolated:
        case Verdict::consistent: return "apart";
        }
        return {};
    }

    bool wide() const { return report_.domains.size() > kNarrow; }

    std::string cell(std::size_t domain, std::size_t service) const {
        const audit::Cell cell = report_.cell(domain, service);
        const std::string text = cell_text(report_, domain, service, cell);
        if (text == ".") return separated(domain, service);
        if (text.front() == '?')
            return fmt::format("<td class=\"unknown\">{}{}</td>", wide() ? "? " : "not proven: ", text.substr(1));
        const bool stronger = cell.leak && *cell.leak > report_.options.against;
        return fmt::format("<td class=\"{0}\">{0}{1}</td>", text, stronger && !wide() ? " (not asked for)" : "");
    }

    // How far apart: the more facts would have to fail, the deeper the colour.
    std::string separated(std::size_t domain, std::size_t service) const {
        const std::optional<unsigned> depth = report_.depth_of_cell(domain, service);
        if (!depth) return "<td class=\"apart\">separated</td>";
        const bool deep = *depth >= audit::Depth::kDeep;
        return fmt::format("<td class=\"{}\">{}{}{}</td>", deep ? "apart" : fmt::format("depth-{}", *depth),
                           wide() ? "" : "depth ", std::min(*depth, audit::Depth::kDeep), deep ? "+" : "");
    }

    void matrix() {
        if (report_.domains.size() < 2) return;
        out_ += "<h2>Who gets in where</h2>\n";
        if (report_.domains.size() > kWidestMatrix || report_.services.size() > kLongestMatrix) {
            out_ += fmt::format("<p>{} domains and {} services are too many for a table.</p>\n", report_.domains.size(),
                                report_.services.size());
            return;
        }
        out_ += fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Who gets in where\">"
                            "<table{}>\n",
                            wide() ? " class=\"wide\"" : "");
        out_ += "<caption>The weakest attacker whose token of the column's domain the row's service accepts; else how "
                "many facts stand between the two</caption>\n<thead><tr><th scope=\"col\">accepted at</th>";
        for (const std::string& name : report_.domains) out_ += "<th scope=\"col\">" + html_raw(name) + "</th>";
        out_ += "</tr></thead>\n<tbody>\n";
        for (std::size_t s = 0; s < report_.services.size(); ++s) {
            out_ += "<tr><th scope=\"row\">" + html_raw(service_of(report_, s)) + "</th>";
            for (std::size_t d = 0; d < report_.domains.size(); ++d) out_ += cell(d, s);
            out_ += "</tr>\n";
        }
        out_ += "</tbody>\n</table></div>\n" + leak_graph(report_);
    }

    void crossings() {
        if (report_.crossings.empty()) return;
        out_ += "<h2>What crosses</h2>\n";
        for (std::size_t i = 0; i < report_.crossings.size() && i < kInFull; ++i) crossing(report_.crossings[i]);
        if (report_.crossings.size() <= kInFull) return;
        out_ += "<ul>\n";
        for (std::size_t i = kInFull; i < report_.crossings.size(); ++i)
            out_ += "<li>" + html_text(sentence_of(report_, report_.crossings[i])) + "</li>\n";
        out_ += "</ul>\n";
    }

    void crossing(const AuditReport::CrossingRow& row) {
        out_ += "<h3>" + html_text(sentence_of(report_, row)) + "</h3>\n<p class=\"faint\">path " + html_code(row.path);
        if (!row.where.file.empty()) out_ += ", " + html_place(row.where);
        for (const std::string& step : row.route) out_ += "; exchange " + html_code(step);
        if (row.accepted.given()) out_ += "; " + html_raw(text_of(report_, row.accepted));
        out_ += row.counts ? "</p>\n" : "; stronger than what was asked for</p>\n";
        const std::vector<WitnessField> fields = witness_fields(row);
        if (fields.empty()) return;
        out_ += "<div class=\"scroll\"><table>\n<caption>The token that crosses, field by field</caption>\n" +
                html_columns({"field", "the token has", "the path asks for", "if it asked for", "that"}) + "<tbody>\n";
        for (const WitnessField& field : fields) {
            const std::string best = field.smallest ? ", <strong>the smallest fix</strong>" : "";
            out_ += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}{}</td></tr>\n",
                                html_raw(field.name), html_code(field.has), html_code(field.now), html_code(field.then),
                                html_text(field.stops), best);
        }
        out_ += "</tbody>\n</table></div>\n";
    }

    void services() {
        out_ += "<h2>Services</h2>\n<div class=\"scroll\"><table>\n<caption>What guards each, and how that is "
                "known</caption>\n" +
                html_columns({"service", "verdict", "evidence", "where", "remark"}) + "<tbody>\n";
        for (std::size_t s = 0; s < report_.services.size(); ++s) {
            const AuditReport::ServiceRow& row = report_.services[s];
            const std::string remark = remark_of(row);
            out_ += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                                html_raw(service_of(report_, s)), name_of(row.verdict), name_of(row.evidence),
                                html_place(row.where), html_raw(remark));
        }
        out_ += "</tbody>\n</table></div>\n";
        if (report_.trust.empty()) return;
        out_ += "<h2>Declared by trust edges</h2>\n<ul>\n";
        for (const auto& row : report_.trust)
            out_ += fmt::format("<li>tokens of {} into {}</li>\n", html_code(report_.domains[row.source]),
                                html_code(service_of(report_, row.service)));
        out_ += "</ul>\n";
    }

    void issues() {
        std::vector<Issue> list = issues_of(report_);
        std::erase_if(list, [](const Issue& issue) { return issue.rule == kLeak; });
        out_ += html_findings(list);
    }

    void closing() {
        if (!report_.fetched.empty()) out_ += "<h2>Fetched</h2>\n<ul>\n";
        for (const FetchedLine& line : report_.fetched)
            out_ += fmt::format("<li>{}, SHA-256 {}</li>\n", html_text(text_of(line)), line.sha256);
        if (!report_.fetched.empty()) out_ += "</ul>\n";
        if (!report_.says_isolated()) return;
        out_ += "<h2>Assumptions</h2>\n<p>" + html_raw(claim_of(report_)) + ":</p>\n<ul>\n";
        for (const std::string& each : assumptions(report_)) out_ += "<li>" + html_raw(each) + "</li>\n";
        out_ += "</ul>\n";
    }

    const AuditReport& report_;
    std::string out_;
};

} // namespace

std::string to_html(const AuditReport& report) { return Page(report).run(); }

} // namespace jwtdomain::cli
