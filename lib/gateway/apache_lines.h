// Texts as Apache httpd reads them in a directive, an expression and a regular expression.
// Internal: not installed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jwtdomain::gateway::apache_lines {

// Could it be part of a directive? Control characters could not, "${" begins a variable wherever it stands, and nothing
// is compared with the empty text.
bool is_writable(std::string_view value);

// In double quotes.
std::string argument(std::string_view value);

// JSON in one line, in which "${" is written otherwise.
std::string json_line(std::string json);

// 'a', 'b', as a list of an expression.
std::string texts(const std::vector<std::string>& values);

// An expression that finds this word among those that spaces are between; for m##.
std::string word_of(std::string_view word);

// Could a claim's name be that of a variable, and no other claim's?
bool is_variable(std::string_view name);

// "a.b", as `Require oauth2_claim` has it; nothing if a name has something that it reads otherwise.
std::optional<std::string> claim_name(const std::vector<std::string>& path);

} // namespace jwtdomain::gateway::apache_lines
