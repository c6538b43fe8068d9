// Internal: who publishes a key and who takes it, found by what the key is.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "jwtdomain/audit/estate.h"

namespace jwtdomain::audit::rules {

struct Holder {
    std::size_t domain, key; // in Estate::keys and DomainKeys::keys
};
// By each element of KeyIdentity::own; in the order of the domains.
using Holders = std::unordered_map<std::string, std::vector<Holder>>;
Holders holders_of(const Estate& estate);

// Services that take a key, by each element of KeyIdentity::own; ascending, each once.
using Users = std::unordered_map<std::string, std::vector<std::size_t>>;
Users users_of(const Estate& estate);
std::vector<std::size_t> services_with(const Users& users, const KeyIdentity& key);

// "the key THUMBPRINT"; a secret is never shown, nor what is computed from it.
std::string label_of(const VerificationKey& key);
std::string thumbprint_or_kid(const Jwk& key);                                         // tells findings apart
std::string kid_text(const std::optional<std::string>& kid);                           // "\"a\"" or "without kid"
std::string names_text(const Estate& estate, const std::vector<std::size_t>& domains); // at most four by name

} // namespace jwtdomain::audit::rules
