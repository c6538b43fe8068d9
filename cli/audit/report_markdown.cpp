// Markdown, for the comment on a merge request. Everything that holds a word of a policy or a token is a code span, in
// which there are neither links nor mentions nor HTML.
#include <utility>

#include <fmt/format.h>

#include "cli/app/markdown.h"
#include "cli/audit/codes.h"
#include "cli/audit/headline.h"
#include "cli/audit/issues.h"
#include "cli/audit/witness_fields.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kWidestMatrix = 12, kLongestMatrix = 60; // domains, services: GitHub takes 64 KiB of comment
constexpr std::size_t kInFull = 10;                            // crossings; of the others one line each
constexpr std::size_t kListed = 50;                            // issues

std::string matrix(const AuditReport& report) {
    if (report.domains.size() < 2 || report.domains.size() > kWidestMatrix || report.services.size() > kLongestMatrix)
        return "";
    std::string out = "\n## Who gets in where\n\n| accepted at \\ token of |", line = "|---|";
    for (const std::string& name : report.domains) {
        out += " " + markdown_raw(name) + " |";
        line += "---|";
    }
    out += "\n" + line + "\n";
    for (std::size_t s = 0; s < report.services.size(); ++s) {
        out += "| " + markdown_raw(report.services[s].name) + " |";
        for (std::size_t d = 0; d < report.domains.size(); ++d) {
            const audit::Cell cell = report.cell(d, s);
            const bool counts = cell.leak && *cell.leak <= report.options.against;
            const std::string text = cell_text(report, d, s, cell);
            out += counts ? " **" + text + "** |" : " " + text + " |";
        }
        out += "\n";
    }
    return out;
}

std::string crossing(const AuditReport& report, const AuditReport::CrossingRow& row) {
    std::string out =
        "\n" + markdown_code(sentence_of(report, row)) + (row.counts ? "" : " (stronger than asked for)") + "\n\n";
    out += "- path " + markdown_raw(row.path) + (row.where.file.empty() ? "" : ", " + markdown_place(row.where)) + "\n";
    if (row.accepted.given()) out += "- " + markdown_raw(text_of(report, row.accepted)) + "\n";
    for (const std::string& step : row.route) out += "- exchange " + markdown_raw(step) + "\n";
    const std::vector<WitnessField> fields = witness_fields(row);
    if (fields.empty()) return out;
    out += "\n| field | the token has | the path asks for | if it asked for | that |\n|---|---|---|---|---|\n";
    for (const WitnessField& field : fields)
        out += fmt::format("| {} | {} | {} | {} | {}{} |\n", markdown_raw(field.name), markdown_code(field.has),
                           markdown_raw(field.now), markdown_raw(field.then), field.stops,
                           field.smallest ? ", **the smallest fix**" : "");
    return out;
}

std::string crossings(const AuditReport& report) {
    if (report.crossings.empty()) return "";
    std::string out = "\n## What crosses\n";
    for (std::size_t i = 0; i < report.crossings.size() && i < kInFull; ++i)
        out += crossing(report, report.crossings[i]);
    for (std::size_t i = kInFull; i < report.crossings.size() && i < kInFull + kListed; ++i)
        out += (i == kInFull ? "\n- " : "- ") + markdown_code(sentence_of(report, report.crossings[i])) + "\n";
    if (report.crossings.size() > kInFull + kListed)
        out += fmt::format("- and {} more\n", report.crossings.size() - kInFull - kListed);
    return out;
}

std::string issues(const AuditReport& report) {
    std::vector<Issue> list = issues_of(report);
    std::erase_if(list, [](const Issue& issue) { return issue.rule == kLeak; });
    return markdown_findings(list);
}

} // namespace

std::string to_markdown(const AuditReport& report) {
    std::string out = fmt::format("# jwtdomain audit: {}\n\n{}\n\n{}\n", name_of(report.verdict),
                                  markdown_raw(headline_of(report)), standing_of(report));
    out += matrix(report) + crossings(report) + issues(report);
    if (!report.trust.empty()) out += "\n## Declared by trust edges\n\n";
    for (const auto& row : report.trust)
        out += fmt::format("- tokens of {} into {}\n", markdown_raw(report.domains[row.source]),
                           markdown_raw(service_of(report, row.service)));
    bool first = true;
    for (std::size_t s = 0; s < report.services.size(); ++s) {
        const AuditReport::ServiceRow& row = report.services[s];
        if (row.why == remark_of(row)) continue; // said above
        out += fmt::format("{}- {}: {}\n", std::exchange(first, false) ? "\n## Services\n\n" : "",
                           markdown_raw(service_of(report, s)), markdown_raw(remark_of(row)));
    }
    if (!report.fetched.empty()) out += "\n## Fetched\n\n";
    for (const FetchedLine& line : report.fetched)
        out += fmt::format("- {}, SHA-256 `{}`\n", markdown_raw(text_of(line)), line.sha256);
    if (report.says_isolated()) {
        out += "\n## Assumptions\n\n" + claim_of(report) + ":\n\n";
        for (const std::string& each : assumptions(report)) out += "- " + each + "\n";
    }
    return out;
}

} // namespace jwtdomain::cli
