// Writing the policy's revocation list.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/issue/issuer.h"
#include "jwtdomain/accept/revocation.h"
#include "jwtdomain/refresh/ledger.h"

namespace jwtdomain::cli {

// Who signs what is added: a domain for itself, or a key of the policy's `revocations: keys` for all.
class ListSigner {
public:
    // Of the domain, which must be one that we mint for; where the policy names keys of its own, one of them, whose
    // private half must be in the key store. Faults: those of the issuer; not_found (no private half is here).
    static Result<ListSigner> open(Session& session, const policy::Policy& policy, const std::string& domain);
    // With an issuer that is there already.
    static Result<ListSigner> of(Session& session, const DomainIssuer& issuer);

    const std::string& owner() const { return owner_; } // empty: all domains
    Result<std::string> sign(std::string_view payload) const { return sign_(payload); }

private:
    std::string owner_;
    std::function<Result<std::string>(std::string_view)> sign_;
};

// Adds what the list does not hold yet, and leaves out what no longer matters. Two processes do not lose each other's
// entries. The entries that were new. Faults: those of reading and believing the list, of signing and writing.
Result<std::vector<accept::Revocation>> add_revocations(Session& session, const policy::Policy& policy,
                                                        const ListSigner& signer,
                                                        std::vector<accept::Revocation> entries);

// What the domain has signed, once more, by the key that it signs with now: before a key leaves what it publishes, or
// its list could no longer be believed. The caller holds the lock of the key store. Faults: as add_revocations.
Status sign_list_anew(Session& session, const policy::Policy& policy, const std::string& domain);

// Takes over what others have signed: of each signer the newer line, and never an older one, so that nothing comes back
// to life. The entries that were new. Faults: those of reading and believing both lists; conflict (ours of that signer
// is newer).
Result<std::vector<accept::Revocation>> import_list(Session& session, const policy::Policy& policy,
                                                    std::string_view content, const std::string& name);

// The access tokens of families that have ended, until the last of them expires.
Status deny_families(Session& session, const DomainIssuer& issuer, const std::vector<refresh::Family>& ended,
                     const std::string& reason);

// For how long after its `exp` a token may still be taken: the widest leeway that a policy can ask for.
constexpr Seconds kWidestLeeway = 60;

} // namespace jwtdomain::cli
