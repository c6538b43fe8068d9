// A line of many tokens: the token itself, or an object with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace jwtdomain::cli {

struct TokenLine {
    std::string token;
    std::optional<std::string> id;
};

// Why the line has no token, as a sentence; nullptr: it has one. What is no object with `token` and perhaps `id` may be
// a token in JSON. The line is not blank.
const char* read_token_line(std::string_view text, TokenLine& out);

} // namespace jwtdomain::cli
