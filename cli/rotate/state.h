// A domain's rotation as it lies on disk: the policy, the set with the keys' records, and what an interrupted run left.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/app/session.h"
#include "cli/keygen/published.h"
#include "cli/keygen/signing_use.h"
#include "cli/rotate/options.h"
#include "jwtdomain/store/keystore.h"

namespace jwtdomain::cli {

struct RotationState {
    policy::Policy policy;
    const policy::Domain* domain = nullptr;
    rotation::Facts facts;
    store::KeyStore keys;
    PublishedSet published;
    SigningKeys signing; // of `published`

    const Jwk& jwk(std::size_t record) const { return published.set.keys[signing.numbers[record]]; }
    const PublicKey& key(std::size_t record) const { return std::get<PublicKey>(jwk(record).key); }
    bool is_here(std::size_t record) const { return keys.contains(key(record).thumbprint()); }
};

// Faults: those of the policy, of reading the set; unsupported (a foreign issuer, keys that are not in a file).
Result<std::unique_ptr<RotationState>> open_rotation(Session& session, const RotateOptions& options);
// The set once more: under the lock.
Status read_again(RotationState& state);

// A key of the store that is not in the set yet: written down before it is stored, so that a run that was ended in
// between leaves no private key that nobody knows of.
struct PendingKey {
    std::string thumbprint;
    bool emergency = false;
};
Result<std::optional<PendingKey>> read_pending(const RotationState& state);
Status write_pending(const RotationState& state, const PendingKey& key);
Status drop_pending(const RotationState& state);

// The keys that rotation has taken out of the set, in a set of their own beside it, so that audits can ask who still
// takes them (`earlier_jwks`), and private halves are found that an interrupted run left.
std::string removed_file(const RotationState& state);
Result<std::vector<PublicJwk>> read_removed(const RotationState& state);
Status write_removed(const RotationState& state, const std::vector<PublicJwk>& keys);
// Does the policy name that file among the domain's earlier sets?
bool names_removed_file(const RotationState& state);

} // namespace jwtdomain::cli
