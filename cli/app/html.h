// What HTML reports are made of: escaping, the one style sheet, and the parts that all of them have. A page is one file
// that needs nothing else: no network, no scripts.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app/issues.h"

namespace jwtdomain::cli {

// For text and for attributes in double quotes. Takes text of ours, or text that escape_text has made safe for people;
// neither a control character nor a bidirectional one is left in that.
std::string html_text(std::string_view escaped);

// Untrusted text: escape_text, then html_text.
std::string html_raw(std::string_view untrusted);

// Light and dark, every pair of colours with a contrast of at least 4.5 : 1.
std::string_view html_style();

std::string html_code(std::string_view untrusted);                       // empty for nothing
std::string html_place(const Location& where);                           // file and line, as code; empty for no file
std::string html_columns(std::initializer_list<std::string_view> names); // the head of a table; ours

// All that stands before the first section: the title, the verdict in the colour of the class `tone`, and what is said
// of it. `headline` is untrusted, the rest ours.
struct HtmlHead {
    std::string_view command; // "audit"
    std::string_view verdict, tone;
    std::string headline, standing;
};
std::string html_begin(const HtmlHead& head);
std::string_view html_end();

// The section of findings; empty if there is none.
std::string html_findings(const std::vector<Issue>& issues);

} // namespace jwtdomain::cli
