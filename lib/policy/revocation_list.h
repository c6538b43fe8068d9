// The revocation file of a policy: compact JWS of type revocations+jwt, a line each, whose payload is in
// accept/revocation.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/accept/revocation.h"
#include "jwtdomain/policy/lower.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy {

inline constexpr std::string_view kRevocationsType = "revocations+jwt";

// Verifies `content` and gives its entries. A line that is signed by one of the policy's revocation keys may revoke
// anything; where the policy names none, it must be signed by a key of a domain, and then speaks for that domain alone.
// `file` names it in errors. Faults: invalid (every way in which a line cannot be believed: a verifier must then refuse
// to decide).
Result<accept::Revocations> read_revocation_list(const Policy& policy, std::string_view content,
                                                 const std::string& file, const KeyReader& keys, Time now);

// The lines, each with the domain for which it speaks (empty: for all), for whoever writes the file anew.
struct RevocationLine {
    std::string owner;
    std::string text; // compact JWS
    accept::Revocations entries;
};
Result<std::vector<RevocationLine>> read_revocation_lines(const Policy& policy, std::string_view content,
                                                          const std::string& file, const KeyReader& keys, Time now);

} // namespace jwtdomain::policy
