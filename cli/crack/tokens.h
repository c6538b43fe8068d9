// The tokens whose secrets are guessed: those that an HMAC signs, and that are of the policy's own domains.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/session.h"
#include "cli/crack/options.h"
#include "jwtdomain/audit/estate.h"
#include "jwtdomain/crack/guess.h"

namespace jwtdomain::cli {

struct CrackToken {
    std::string text; // in compact serialization
    std::string fingerprint;
    std::optional<std::string> kid;
    std::string domain; // whose it says that it is; empty: of none
    crack::Target target;
};

// One that is not tried, and why.
struct RefusedToken {
    std::size_t line = 0;    // of the input; 0: there is but one
    std::string fingerprint; // empty: it cannot be read
    std::string why;
};

struct CrackTokens {
    std::vector<CrackToken> tokens; // each once
    std::vector<RefusedToken> refused;
};

// `estate` is null without a policy. Faults: usage (no policy, and not --foreign), no_input, those of reading.
Result<CrackTokens> read_crack_tokens(Session& session, const CrackOptions& options, const audit::Estate* estate);

} // namespace jwtdomain::cli
