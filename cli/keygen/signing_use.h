// Which keys of a domain's set sign for it, and the records that say when.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/policy/model.h"
#include "jwtdomain/rotation/records.h"

namespace jwtdomain::cli {

struct SigningUse {
    Algorithm algorithm;
    std::string name; // of the algorithm, as the key has it
};
// nullopt for a key by which the domain's verifiers take nothing: of another use, or of an algorithm that is not
// theirs.
std::optional<SigningUse> signing_use(const Jwk& key, const policy::Domain& domain);

// In the order of the set.
struct SigningKeys {
    std::vector<std::size_t> numbers; // in JwkSet::keys
    std::vector<SigningUse> uses;
    std::vector<rotation::KeyRecord> records;
};
SigningKeys signing_keys(const JwkSet& set, const policy::Domain& domain);

} // namespace jwtdomain::cli
