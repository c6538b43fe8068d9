// From the keys of a set to the keys of a path.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/accept/normal.h"

namespace jwtdomain::accept {

// What a key may be used for on a path that allows `list` (nullopt: everything): the one algorithm that the key itself
// names, if it is on the list; else those of the list that fit its type and size. Empty for a key that must not verify
// signatures. `short_secrets`: the verifier takes HMAC secrets of every size, as most do.
std::vector<Algorithm> usable_algorithms(const Jwk& key, const std::optional<std::vector<Algorithm>>& list,
                                         bool short_secrets = false);

// Is a token of `issuer` one that a key of `of_key` is for? "{tenantid}" in the latter stands for one segment of a
// path.
bool is_issuer_of_key(std::string_view issuer, std::string_view of_key);
// The same, as a language.
Strings issuers_of_key(const std::string& of_key);

// Every key of the set with at least one usable algorithm. `owner` is the domain or source, for reports.
std::vector<KeyUse> key_uses(const JwkSet& set, const std::optional<std::vector<Algorithm>>& list,
                             const std::string& owner);

} // namespace jwtdomain::accept
