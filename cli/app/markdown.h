// What Markdown reports are made of: everything that holds a word of a policy or a token is a code span, in which there
// are neither links nor mentions nor HTML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/app/issues.h"

namespace jwtdomain::cli {

// `text` is escaped. Fit for a cell of a table.
std::string markdown_code(std::string_view text);
// Untrusted text: escape_text, then markdown_code.
std::string markdown_raw(std::string_view untrusted);
std::string markdown_place(const Location& where); // file and line; empty for no file

// The section of findings, the first fifty of them; empty if there is none.
std::string markdown_findings(const std::vector<Issue>& issues);

} // namespace jwtdomain::cli
