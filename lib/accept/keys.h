// From the keys of a set to the keys of a path.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/accept/normal.h"

namespace jwtdomain::accept {

// What a key may be used for on a path that allows `list` (nullopt: everything): the one algorithm that the key itself
// names, if it is on the list; else those of the list that fit its type and size. Empty for a key that must not verify
// signatures.
std::vector<Algorithm> usable_algorithms(const Jwk& key, const std::optional<std::vector<Algorithm>>& list);

// Every key of the set with at least one usable algorithm. `owner` is the domain or source, for reports.
std::vector<KeyUse> key_uses(const JwkSet& set, const std::optional<std::vector<Algorithm>>& list,
                             const std::string& owner);

} // namespace jwtdomain::accept
