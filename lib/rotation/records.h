// From the policy: the record of a key, and what the consumers and tokens of a domain ask for.
#pragma once

#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/policy/model.h"
#include "jwtdomain/rotation/state.h"

namespace jwtdomain::rotation {

KeyRecord record_of(const PublicKey& key, const JwkMetadata& metadata);

// Of a whole policy, or of none: the tokens of a domain are also looked at where trust edges lead. The access tokens
// that are got by refreshing live as long as others.
Facts facts_of(const policy::Policy& policy, const policy::Domain& domain);

} // namespace jwtdomain::rotation
