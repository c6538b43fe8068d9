// GitHub's workflow commands: an annotation beside the line at fault, in any job that prints them.
#include <fmt/format.h>

#include "cli/audit/codes.h"
#include "cli/audit/headline.h"
#include "cli/audit/issues.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

// As the runner undoes it (actions/toolkit, command.ts): properties end at ':' and ','.
std::string escaped(std::string_view text, bool property) {
    std::string out;
    for (const char c : text) {
        const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
        out += special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
    }
    return out;
}

std::string_view command_of(const Issue& issue) {
    if (issue.fails) return "error";
    if (!issue.accepted.empty()) return "notice";
    return issue.severity <= Severity::medium ? "warning" : "notice";
}

} // namespace

std::string to_github(const AuditReport& report) {
    const std::vector<Issue> issues = issues_of(report);
    std::string out;
    for (const Issue& issue : issues) {
        out += fmt::format("::{} file={}", command_of(issue), escaped(escape_text(issue.where.file), true));
        if (issue.where.line) out += fmt::format(",line={}", issue.where.line);
        if (issue.where.column) out += fmt::format(",col={}", issue.where.column);
        std::string text = issue.fix.empty() ? issue.message : issue.message + ".\n" + issue.fix;
        if (!issue.accepted.empty()) text += ".\n" + issue.accepted;
        out += fmt::format(",title={}::{}\n", escaped(fmt::format("jwtdomain {}", issue.rule), true),
                           escaped(text, false));
    }
    const std::string verdict =
        fmt::format("{} against {}, depth {} [{}]", name_of(report.verdict), name_of(report.options.against),
                    text_of(report.depth), name_of(report.evidence));
    const std::string claim = claim_and_assumptions(report);
    return out + fmt::format("::notice title=jwtdomain audit::{}\n",
                             escaped(verdict + (claim.empty() ? "" : ".\n" + claim), false));
}

} // namespace jwtdomain::cli
