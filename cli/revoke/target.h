// What is to be revoked, from what the user gave.
#pragma once

#include <optional>
#include <string>

#include "cli/app/session.h"
#include "cli/revoke/options.h"
#include "jwtdomain/accept/revocation.h"
#include "jwtdomain/policy/model.h"
#include "jwtdomain/refresh/ledger.h"

namespace jwtdomain::cli {

struct RevokeTarget {
    std::string domain;                              // that signs; empty: the policy's own keys do
    std::optional<accept::Revocation> entry = {};    // for the list
    std::optional<refresh::Selection> families = {}; // of refresh tokens, that end
    std::optional<Time> access_until = {};           // when the last token that is meant expires, if that is known
};

// Faults: usage; those of reading the token; not_found (no such domain).
Result<RevokeTarget> revoke_target(Session& session, const policy::Policy& policy, const RevokeOptions& options);

} // namespace jwtdomain::cli
