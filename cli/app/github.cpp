#include "cli/app/github.h"

#include <fmt/format.h>

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

std::string github_of(const std::vector<Issue>& issues, std::string_view title, const std::string& text) {
    std::string out;
    for (const Issue& issue : issues) {
        out += fmt::format("::{} file={}", command_of(issue), escaped(escape_text(issue.where.file), true));
        if (issue.where.line) out += fmt::format(",line={}", issue.where.line);
        if (issue.where.column) out += fmt::format(",col={}", issue.where.column);
        std::string said = issue.fix.empty() ? issue.message : issue.message + ".\n" + issue.fix;
        if (!issue.accepted.empty()) said += ".\n" + issue.accepted;
        out += fmt::format(",title={}::{}\n", escaped(fmt::format("jwtdomain {}", issue.rule), true),
                           escaped(said, false));
    }
    return out + fmt::format("::notice title={}::{}\n", escaped(title, true), escaped(text, false));
}

} // namespace jwtdomain::cli
