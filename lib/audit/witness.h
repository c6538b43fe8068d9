// The token that crosses: made, signed and run through the engine under the rules of the path that it crosses into.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/accept/engine.h"
#include "jwtdomain/audit/check.h"
#include "jwtdomain/jwt/ephemeral_keys.h"

namespace jwtdomain::audit {

struct Witness {
    std::string header, claims;    // as JSON
    std::string token;             // compact serialization, valid for a minute
    accept::Path path;             // the path with the ephemeral key in the place of the shared one
    bool accepted = false;         // by the engine
    std::vector<Finding> findings; // why not
};

// Faults: internal (no key could be made), unsupported (claims that no one object can hold).
Result<Witness> make_witness(const Estate& estate, const accept::Path& path, const TokenShape& shape,
                             EphemeralKeys& keys);

// The same, signed with the key of the path that the shape names, whose private half is `key` (nullptr if nobody signs
// the token): the path stays as it is, and a running verifier that it describes takes the token. Faults: as above;
// unsupported (the attacker would have to add a key to a source of the path).
Result<Witness> make_real_witness(const Estate& estate, const accept::Path& path, const TokenShape& shape,
                                  const SigningKey* key);

} // namespace jwtdomain::audit
