#include "cli/app/markdown.h"

#include <algorithm>

#include <fmt/format.h>

#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kFindings = 50; // GitHub takes 64 KiB of comment

} // namespace

std::string markdown_code(std::string_view text) {
    std::size_t run = 0, longest = 0;
    std::string inside;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
        inside += c == '|' ? "\\|" : std::string(1, c); // GFM takes the backslash away again, in tables
    }
    if (inside.empty()) return "";
    const std::string fence(longest + 1, '`'); // longer than any run of backquotes in it
    const bool pad = inside.front() == '`' || inside.back() == '`' || inside.front() == ' ';
    return fence + (pad ? " " : "") + inside + (pad ? " " : "") + fence;
}

std::string markdown_raw(std::string_view untrusted) { return markdown_code(escape_text(untrusted)); }

std::string markdown_place(const Location& where) {
    if (where.file.empty()) return "";
    return markdown_raw(where.line ? fmt::format("{}:{}", where.file, where.line) : where.file);
}

std::string markdown_findings(const std::vector<Issue>& issues) {
    if (issues.empty()) return "";
    std::string out = "\n## Findings\n\n| severity | rule | what | where | what to do |\n|---|---|---|---|---|\n";
    for (std::size_t i = 0; i < issues.size() && i < kFindings; ++i) {
        const Issue& issue = issues[i];
        out += fmt::format(
            "| {} | {} | {} | {} | {} |\n", name_of(issue.severity), issue.rule,
            markdown_code(issue.accepted.empty() ? issue.message : issue.message + " (" + issue.accepted + ")"),
            markdown_place(issue.where), markdown_code(issue.fix));
    }
    if (issues.size() > kFindings) out += fmt::format("\nand {} more\n", issues.size() - kFindings);
    return out;
}

} // namespace jwtdomain::cli
