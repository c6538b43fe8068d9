// What an attacker of a domain can have: an upper bound on tokens, field by field.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/audit/attacker.h"
#include "jwtdomain/audit/estate.h"

namespace jwtdomain::audit {

// The values that a claim of these tokens can have. A claim that can be a list has members of this language.
struct ClaimBound {
    std::vector<std::string> path;
    accept::Strings values;
    bool absent_ok = true;
    bool fixed = false; // the issuer sets it, whoever asks: it is a scalar
    bool minted = true; // false: no such token has this claim
    bool words = false; // it is minted as one text of words, each of which is in `values`
};

// Every exchange edge that was taken, in order, by index in Policy::exchange.
using Route = std::vector<std::size_t>;

struct Mintable {
    std::size_t holder = 0; // the domain that the attacker has something of
    std::size_t issuer = 0; // the domain whose issuer makes the token: another one after an exchange
    Attacker attacker = Attacker::insider;
    Route route;
    bool free = false;     // any header and any claims
    bool typed = true;     // false: which types its tokens have is not known
    bool described = true; // false: nobody has said what that issuer mints, so all bounds but iss are guesses
    accept::TypeRule type;
    accept::IssuerRule iss;
    accept::Strings audiences;
    bool audience_absent_ok = false;
    std::vector<ClaimBound> claims;
    bool other_claims = true;
    std::string scope_claim;

    // The bound on a claim; of those that are not listed, what `other_claims` says.
    ClaimBound bound(const std::vector<std::string>& path) const;
};

// Tokens that `attacker` of the domain can have without any exchange. Not for an outsider, who has none.
Mintable mintable(const policy::Domain& domain, std::size_t index, Attacker attacker);

// The same, and all that exchange edges make of them, cycles included: each domain's tokens once for each edge that
// leads there. What an exchange gives is what that domain's issuer mints, whoever the attacker is.
std::vector<Mintable> closure(const policy::Policy& policy, std::size_t domain, Attacker attacker);

} // namespace jwtdomain::audit
