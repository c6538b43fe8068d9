// Making a key for a domain of the policy: the private half into the key store, the public half into what the domain
// publishes.
#pragma once

#include <optional>
#include <string>

#include "cli/keygen/generate.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::cli {

struct DomainKey {
    std::string kid;
    std::string algorithm; // its name
    std::string private_file, public_file;
    std::size_t published = 0;  // keys that the domain publishes now, this one among them
    std::optional<Time> starts; // to sign; nullopt: at once, since nothing else does
};

struct FreshDomainKey {
    PublicKey half;
    JwkMetadata metadata; // kid, use, alg, iat
    SecretBytes secret;   // the private JWK, as it is stored
};
// A key that is nowhere yet. Without a wish, the algorithm is the first of the domain's list. Faults: usage (an
// algorithm that the domain does not accept), unsupported (a foreign issuer), conflict (a set that another issuer's
// domain publishes too).
Result<FreshDomainKey> fresh_domain_key(const policy::Policy& policy, const policy::Domain& domain, const KeyWish& wish,
                                        Time now);

// Both halves are written, or neither. Where another key signs, the new one is published for as long as consumers keep
// the set before it does. Faults: those of fresh_domain_key; unsupported (keys that are not in a file), conflict (a key
// store inside a git work tree), retry (another process is at it), unreadable.
Result<DomainKey> make_domain_key(const policy::Policy& policy, const policy::Domain& domain,
                                  const std::string& state_directory, const KeyWish& wish, Time now);

// Name of the private member of a stored JWK that says for which domain it was made; for people, nothing is decided by
// it.
constexpr std::string_view kDomainMember = "jwtdomain_domain";

} // namespace jwtdomain::cli
