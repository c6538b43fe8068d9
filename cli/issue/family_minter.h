// Access tokens that come with refresh tokens.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/app/ledger.h"
#include "cli/issue/issuer.h"
#include "jwtdomain/refresh/ledger.h"

namespace jwtdomain::cli {

// What an access token is to have less than its family was granted.
struct Narrowing {
    std::vector<std::string> audiences, scopes; // empty: all
    std::optional<Seconds> lifetime;
};

// Mints for families of one domain, each time by the policy, the client, and the revocation list as they are. Belongs
// to one thread.
class FamilyMinter {
public:
    // All must outlive it. Faults: those of the issuer.
    static Result<FamilyMinter> make(Session& session, const DomainIssuer& issuer);

    // Never beyond the family's end. What the policy does not allow is told in Minted::refused.
    Result<refresh::Minted> mint(const refresh::Family& family, const Narrowing& narrowing, Time now);

private:
    FamilyMinter(Session& session, const DomainIssuer& issuer, Mint mint);
    const DomainIssuer* issuer_;
    Mint mint_;
    TokenIds ids_;
    std::unique_ptr<Acceptance> acceptance_;
};

// `issue --refresh`: an access token with a refresh token, which begins a family.
Exit issue_with_refresh(Session& session, const IssueOptions& options);

} // namespace jwtdomain::cli
