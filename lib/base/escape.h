// Escaping of untrusted text on its way out. Everything that comes from a token, a key set, a configuration or a
// server passes through one of these before a person or a program sees it.
#pragma once

#include <string>
#include <string_view>

namespace jwtdomain {

// For terminals, logs and diagnostics: C0 (tab and newline too), DEL, C1, ESC, bidirectional controls, zero-width and other
// invisible characters, line and paragraph separators and octets that are not UTF-8 become \xHH or \u{HEX}; a
// backslash is doubled. Letters of all scripts pass.
std::string escape_text(std::string_view text);

// The same, cut to at most `limit` characters of output with a trailing "...".
std::string escape_text(std::string_view text, std::size_t limit);

// True if no character of it would be changed by escape_text.
bool is_plain(std::string_view text);

// Offset of the first octet that is not part of well-formed UTF-8 (no surrogates, no overlong forms), or npos.
std::size_t find_invalid_utf8(std::string_view text);

} // namespace jwtdomain
