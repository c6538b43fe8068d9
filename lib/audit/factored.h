// RSA keys of which everybody can compute the private half.
#pragma once

#include <optional>
#include <vector>

#include "jwtdomain/crypto/key.h"

namespace jwtdomain::audit {

struct Estate;

struct FactoredKey {
    PublicKey key;
    std::optional<PublicKey> other;   // that it shares a prime with; nullopt: its primes are too close to each other
    std::vector<std::size_t> domains; // that publish either, or have a service that takes it; in order
};

// Looks at every RSA key of the domains and of the paths once (audit/weak_keys.h). In the order in which keys are
// found.
std::vector<FactoredKey> factored_keys(const Estate& estate);

} // namespace jwtdomain::audit
