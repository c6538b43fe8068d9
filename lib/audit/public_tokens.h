// Tokens that an outsider can have all the same: where everybody can sign as a domain, everybody can take such a token
// to an exchange, and gets a real one of another domain.
#pragma once

#include <vector>

#include "jwtdomain/audit/check.h"

namespace jwtdomain::audit {

struct PublicTokens {
    Mintable tokens;      // of an outsider, by a route that begins at the domain whose key it is
    bool certain = false; // false: the key may be public, or it may not
};

// All of them. What such keys sign themselves is not among them: check() answers that for every path.
std::vector<PublicTokens> public_tokens(const Estate& estate);

} // namespace jwtdomain::audit
