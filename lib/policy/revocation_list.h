// The revocation file of a policy: a compact JWS of type revocations+jwt whose payload is in accept/revocation.h.
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/accept/revocation.h"
#include "jwtdomain/policy/lower.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy {

// Verifies `content` and gives its entries. Signed by one of the policy's revocation keys it may revoke anything; where
// the policy names none, it must be signed by a key of a domain, and then speaks for that domain alone. `file` names it
// in errors. Faults: invalid (every way in which it cannot be believed: a verifier must then refuse to decide).
Result<accept::Revocations> read_revocation_list(const Policy& policy, std::string_view content,
                                                 const std::string& file, const KeyReader& keys, Time now);

} // namespace jwtdomain::policy
