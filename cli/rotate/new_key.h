// The key that a rotation brings in.
#pragma once

#include <optional>

#include "cli/rotate/options.h"
#include "cli/rotate/state.h"

namespace jwtdomain::cli {

struct NewKey {
    PublicKey half;
    JwkMetadata metadata;              // without the times of its record
    std::optional<SecretBytes> secret; // its private JWK, if it is not stored yet; nullopt: it is, or is elsewhere
    bool elsewhere = false;            // the private half is not here: of --public
};

// A fresh one, of the algorithm of the key that signs, or the one of --public. Faults: those of the wish and the file;
// not_found (the private keys of the domain are elsewhere); conflict (it is in the set, or was removed from it).
Result<NewKey> new_key(Session& session, const RotateOptions& options, const RotationState& state);

// One that is in the store: of a run that was interrupted. Faults: those of reading it.
Result<NewKey> stored_key(const RotationState& state, const std::string& thumbprint);

} // namespace jwtdomain::cli
