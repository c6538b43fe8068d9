// Markdown, for the comment on a merge request or the summary of a job.
#include <fmt/format.h>

#include "cli/app/markdown.h"
#include "cli/probe/headline.h"
#include "cli/probe/issues.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kWidestMatrix = 12, kLongestMatrix = 60; // domains, targets: GitHub takes 64 KiB of comment
constexpr std::size_t kOmissions = 20;

std::string matrix(const ProbeReport& report) {
    const std::vector<std::string> domains = domains_of(report);
    if (domains.size() < 2 || domains.size() > kWidestMatrix || report.rows.size() > kLongestMatrix) return "";
    std::string out = "\n## Who gets in where\n\n| taken at \\ token of |", line = "|---|";
    for (const std::string& name : domains) {
        out += " " + markdown_raw(name) + " |";
        line += "---|";
    }
    out += "\n" + line + "\n";
    for (const auto& row : report.rows) {
        out += "| " + markdown_raw(row.findings.target) + " |";
        for (const std::string& name : domains) {
            const ProbeCell cell = cell_of(row.findings, name);
            const bool bad = cell == ProbeCell::accepted;
            out += fmt::format(" {}{}{} |", bad ? "**" : "", text_of(cell), bad ? "**" : "");
        }
        out += "\n";
    }
    return out;
}

std::string targets(const ProbeReport& report) {
    std::string out = "\n## What is checked\n\n| target | verdict | enforced | not enforced | not known |\n"
                      "|---|---|---|---|---|\n";
    for (std::size_t i = 0; i < report.rows.size() && i < kLongestMatrix; ++i) {
        const probe::Findings& findings = report.rows[i].findings;
        std::vector<std::string> enforced, open, unknown;
        for (const ProbedCheck& check : checks_of(findings)) {
            if (!check.taken.empty())
                open.emplace_back(check.name);
            else if (check.enforced() && findings.controlled)
                enforced.emplace_back(check.name);
            else
                unknown.emplace_back(check.name);
        }
        out += fmt::format("| {} | {} | {} | {} | {} |\n", markdown_raw(name_of(findings)),
                           name_of(report.rows[i].verdict), join(enforced, ", "), join(open, ", "),
                           findings.controlled ? join(unknown, ", ") : markdown_raw(findings.why));
    }
    if (report.rows.size() > kLongestMatrix) out += fmt::format("\nand {} more\n", report.rows.size() - kLongestMatrix);
    return out;
}

std::string omissions(const ProbeReport& report) {
    const std::vector<std::string> list = omissions_of(report);
    if (list.empty()) return "";
    std::string out = "\n## Not sent\n\n";
    for (std::size_t i = 0; i < list.size() && i < kOmissions; ++i) out += "- " + markdown_code(list[i]) + "\n";
    if (list.size() > kOmissions) out += fmt::format("- and {} more\n", list.size() - kOmissions);
    return out;
}

} // namespace

std::string to_markdown(const ProbeReport& report) {
    return fmt::format("# jwtdomain probe: {}\n\n{}\n\n{}\n\n{}: {}.\n", name_of(report.verdict),
                       markdown_raw(headline_of(report)), standing_of(report), name_of(report.verdict),
                       meaning_of(report.verdict)) +
           matrix(report) + targets(report) + markdown_findings(issues_of(report)) + omissions(report);
}

} // namespace jwtdomain::cli
