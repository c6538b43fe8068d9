// RSA keys of which everybody can compute the private half.
#pragma once

#include <string>
#include <vector>

namespace jwtdomain::audit {

struct Estate;

struct FactoredKey {
    std::string identity;             // PublicKey::identity()
    std::string name;                 // for reports: its thumbprint; empty: no domain or service uses it
    bool shares_prime = false;        // with `other`
    bool at_once = false;             // it is a prime, or has a small one; if neither, its primes are too close
    std::string other;                // the name of the key that it shares a prime with
    std::vector<std::size_t> domains; // that publish either, or have a service that takes it; in order, may be none
};

// Looks at every RSA key of the domains, of the paths and of Estate::moduli once (audit/weak_keys.h). In the order in
// which keys are found.
std::vector<FactoredKey> factored_keys(const Estate& estate);

} // namespace jwtdomain::audit
