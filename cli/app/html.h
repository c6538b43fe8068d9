// What the HTML report is made of: escaping, and the one style sheet.
#pragma once

#include <string>
#include <string_view>

namespace jwtdomain::cli {

// For text and for attributes in double quotes. Takes text of ours, or text that escape_text has made safe for people;
// neither a control character nor a bidirectional one is left in that.
std::string html_text(std::string_view escaped);

// Untrusted text: escape_text, then html_text.
std::string html_raw(std::string_view untrusted);

// Light and dark, every pair of colours with a contrast of at least 4.5 : 1.
std::string_view html_style();

} // namespace jwtdomain::cli
