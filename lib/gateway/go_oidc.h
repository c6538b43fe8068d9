// What verifiers in Go share that are made of go-oidc and go-jose: oauth2-proxy, Vault and, of
// older versions, the API server of Kubernetes.
//
// By their source (go-oidc 3, go-jose 3 and 4): a key verifies what its type can, whatever it says of its algorithm and
// use; a token without kid is tried with every key of a set; claims are read into a structure, of a name that stands
// twice, in whatever case, the last.
// Internal: not installed.
#pragma once

#include <initializer_list>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::go_oidc {

// What go-jose verifies with a public key; with `secrets`, what it verifies with a symmetric key of a set, too.
Node algorithms(Mark at, bool secrets = false);

// What iss may be: Google's tokens name it either way.
Node issuers(const Node& issuer);

// `any_case`: the claims that are read out of that structure, not by name.
Node dialect(Mark at, std::initializer_list<const char*> any_case);

} // namespace jwtdomain::gateway::go_oidc
