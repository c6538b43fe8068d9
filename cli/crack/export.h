// The tokens as other guessers read them, for those with GPUs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/app/session.h"
#include "cli/crack/tokens.h"

namespace jwtdomain::cli {

std::vector<std::string> guesser_names(); // "hashcat", "john"

// A line each, those of one algorithm together; what the guesser does not take is left out and warned of, since a token
// that is not tried must not pass for one that holds.
struct ExportedTokens {
    std::string lines;
    std::size_t left_out = 0;
};
ExportedTokens export_tokens(Session& session, std::string_view guesser, const std::vector<CrackToken>& tokens);

} // namespace jwtdomain::cli
