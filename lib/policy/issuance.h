// What an issuer of ours may put into a token of a domain: the claims that the policy fixes, and the bounds of its
// issuance profile on all others. What comes out is accepted by the domain's own path, as lower() makes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/jwt/mint.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy {

struct IssueRequest {
    std::optional<std::string> subject = {}, client = {};
    std::vector<std::string> audiences = {}; // empty: the one that there is
    std::vector<std::string> scopes = {};    // one or more words each
    std::optional<Seconds> lifetime = {};    // else the longest that is allowed
    std::optional<Time> not_before = {};
    std::vector<RawMember> claims = {}; // beyond those that the policy fixes
    // Of a token that comes with a refresh token: what revokes it (accept/revocation.h).
    std::optional<std::string> family = {};
    // RFC 7638, of the client's key: the token is good only with a proof of it (RFC 9449 section 6.1).
    std::optional<std::string> key_thumbprint = {};
};

// The claims of one request, complete but for jti: many tokens can be made from it.
struct ClaimsPlan {
    std::string before, after; // of the value of jti
    Time issued = 0, expires = 0;
    bool for_home = true; // false if the audience is another domain's, as a trust edge has it: the domain itself
                          // refuses such a token
    std::vector<std::string> audiences, scopes;

    // Appends the claims as JSON. `jti` is base64url.
    void append(std::string& out, std::string_view jti) const;
};

// Faults: usage (outside of what the domain allows; the hint says what that is), unsupported (a foreign issuer), limit.
Result<ClaimsPlan> plan_claims(const Domain& domain, const IssueRequest& request, Time now);

// The same request without the scopes and audiences that the policy does not allow (any more). Faults: usage, if none
// is left of those that there were.
Result<IssueRequest> narrowed(const Domain& domain, IssueRequest request);

// The value of `typ` in tokens of the domain; nullopt for none.
std::optional<std::string> token_type(const Domain& domain);

// Refuses a domain that nothing is minted for here. Faults: unsupported.
Status require_own_issuer(const Domain& domain);

} // namespace jwtdomain::policy
