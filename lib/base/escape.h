// Escaping of untrusted text on its way out. Everything that comes from a token, a key set, a configuration or a
// server passes through one of these before a person or a program sees it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace jwtdomain {

// For terminals, logs and diagnostics: C0 (tab and newline too), DEL, C1, ESC, bidirectional controls, zero-width and
// other invisible characters, spaces other than U+0020, private use, line and paragraph separators become \xHH (ASCII)
// or \u{HEX}; octets that are not UTF-8 become \xHH; a backslash is doubled, so that no two texts escape alike.
// Letters of all scripts pass.
std::string escape_text(std::string_view text);

// The same; if that has more than `limit` characters (code points), cut to at most `limit` with a trailing "...",
// never inside an escape. Takes time in proportion to `limit`, not to the text.
std::string escape_text(std::string_view text, std::size_t limit);

// True if no character of it would be changed by escape_text.
bool is_plain(std::string_view text);

// Percent-encoding (RFC 3986 2.1) of all but unreserved characters (2.3) and those in `kept`.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

// Offset of the first octet that is not part of well-formed UTF-8 (no surrogates, no overlong forms), or npos.
std::size_t find_invalid_utf8(std::string_view text);

} // namespace jwtdomain
