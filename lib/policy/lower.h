// Lowering: a domain, or a hand-written verifier, becomes a verifier in the normal form (accept/normal.h).
#pragma once

#include <functional>

#include "jwtdomain/accept/normal.h"
#include "jwtdomain/base/result.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy {

// Reads a set of keys; asked at most once for each place in one lowering. A failure makes the path's keys unresolved,
// and its reason is Signing::why.
using KeyReader = std::function<Result<JwkSet>(const KeyLocation&)>;

// Asks `reader` once for each place, and gives that answer again. Copies share what they know; one thread at a time.
KeyReader once_each(KeyReader reader);

// What accepts tokens for a domain: its own path, and one for each trust edge into it. The first entry, with an empty
// resource, asks for no scope; then one follows for each resource and set of methods that need the same scopes.
accept::Verifier lower(const Policy& policy, const Domain& domain, const KeyReader& keys);

// A verifier that is declared as a gateway's configuration becomes an opaque entry: reading it is the gateway's
// business.
accept::Verifier lower(const DeclaredVerifier& verifier, const KeyReader& keys);

} // namespace jwtdomain::policy
