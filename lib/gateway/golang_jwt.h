// What verifiers in Go share that are made of golang-jwt.
//
// By its source (versions 3 to 5): the header's alg picks the method, and whoever uses it the key, so that what a JWK
// says of its algorithm does not matter; crit is not looked at. exp, nbf and iat are looked at where they are there,
// and of some versions 0 counts as absent. Names of claims are compared exactly, of two the last.
// Internal: not installed.
#pragma once

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::golang_jwt {

// RS, PS, ES and HS; EdDSA where it is asked for.
Node algorithms(Mark at, bool eddsa);

// expiry, not_before and the dialect.
void put_reading(Node& path, Mark at);

} // namespace jwtdomain::gateway::golang_jwt
