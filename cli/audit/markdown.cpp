#include "cli/audit/markdown.h"

#include <algorithm>

#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {

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

} // namespace jwtdomain::cli
