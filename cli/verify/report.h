// What `verify` has to say about one token: a value, printed elsewhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/accept/judge.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::cli {

struct VerifyReport {
    bool accepted = false;
    bool signature_only = false;
    bool bound = false;                     // to a key of the client (RFC 9449)
    std::string domain;                     // asked for, or found by --domain auto; empty for ad hoc verification
    std::string path;                       // that accepted, or came nearest
    std::string evidence;                   // "policy"; empty for ad hoc verification
    std::vector<Finding> findings;          // why not
    std::vector<std::string> accepted_by;   // other domains that would
    std::string fingerprint;                // of the token; empty if it has no shape
    std::string header, claims;             // as JSON, tokens inside redacted; empty if unreadable
    std::string kid, thumbprint, algorithm; // of the key that verified it
    std::string expectation;                // of --expect, as typed; empty if none
    bool as_expected = true;
    Time now = 0;
};

// Copies out of a Decision all that outlives it. `token` is the text that was judged.
VerifyReport make_report(const accept::Decision& decision, std::string_view token, Time now);

std::string to_text(const VerifyReport& report, bool color);
std::string to_json(const VerifyReport& report);

} // namespace jwtdomain::cli
