// Which keys a path has, and what each may be used for; no part of the interface.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/policy/lower.h"

namespace jwtdomain::policy::detail {

struct KeyChoice {
    std::optional<std::vector<Algorithm>> algorithms = {}; // nullopt: all that fit the key
    bool ignore_metadata = false;                          // the verifier asks nothing of alg, use and key_ops
    std::optional<std::string> kid;                        // only the key of that kid
    std::string issuer;                                    // a key that names another issuer is left out (Entra's keys)
    std::string owner;
    bool short_secrets = false; // the verifier takes HMAC secrets of every size
    bool others_may_take_refused =
        false;                // keys that we refuse may be in use: then it is not known which keys there are
    bool bind_issuer = false; // a key that names an issuer verifies tokens of that one alone
};

// Adds the usable keys of the place. False if they could not be read: then `signing` is unresolved.
bool add_keys(accept::Signing& signing, const KeyLocation& location, const KeyReader& reader, const KeyChoice& choice);

} // namespace jwtdomain::policy::detail
