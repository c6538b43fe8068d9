// Whose key has signed what was found: of the policy, and of a key set that was given. Nothing else of a token is
// looked at; who accepts it is for triage to say.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app/session.h"
#include "cli/scan/report.h"
#include "cli/triage/basis.h"
#include "jwtdomain/accept/judge.h"

namespace jwtdomain::cli {

// Belongs to one thread.
class Signatures {
public:
    // The keys of the policy's domains, each on its own, then those of `jwks`. Faults: those of reading that file.
    static Result<Signatures> load(Session& session, const TriageBasis& basis, const std::optional<std::string>& jwks);

    // Those for another thread.
    Signatures another() const;

    bool any() const { return !sets_.empty(); }
    // nullopt: it was none of these keys. `checked`: what others have found of this token's signature.
    std::optional<SignedBy> of(std::string_view token, scan::Form form, accept::CheckedSignatures& checked);

private:
    struct Set {
        std::string owner;
        std::shared_ptr<const accept::Verifier> verifier;
        std::unique_ptr<accept::Judge> judge; // refers to it
    };
    void add(std::string owner, accept::Signing signing);
    std::vector<Set> sets_;
    accept::TokenReadings readings_;
};

} // namespace jwtdomain::cli
