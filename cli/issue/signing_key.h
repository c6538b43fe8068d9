// The key that signs for a domain: which of the published ones, and where its private half is.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/policy/model.h"
#include "jwtdomain/store/keystore.h"

namespace jwtdomain::cli {

struct SigningChoice {
    PublicKey key;
    Algorithm algorithm;
    std::string algorithm_name; // as the key has it: "EdDSA" or "Ed25519"
    std::optional<std::string> kid;
};

// May this key be taken? Of a key in the store: is its private half there?
using HasPrivateHalf = std::function<bool(const PublicKey&)>;

struct ChoiceRules {
    Time now = 0;
    std::optional<std::string> kid; // only a key with this one
    HasPrivateHalf has_private_half;
    std::string where; // the private halves are, for errors: "in the key store DIRECTORY"
};

// The newest of the published keys that may sign now, by rotation::situation_at. Faults: not_found (no key yet; none
// whose private half is there), usage (no such kid), retry (none is active yet), invalid (all have expired or retired).
Result<SigningChoice> choose_signing_key(const JwkSet& published, const policy::Domain& domain,
                                         const ChoiceRules& rules);

// A key pair from the store, with what is said of it. Faults: those of reading it; invalid if it is another than its
// name says.
Result<PrivateJwk> load_stored_key(const store::KeyStore& keys, const std::string& thumbprint);

// The private half from the store. Faults: those of reading it; invalid if it belongs to another key than its name
// says.
Result<PrivateKey> load_private_half(const store::KeyStore& keys, const PublicKey& key);

} // namespace jwtdomain::cli
