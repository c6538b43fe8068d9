// The question for one path: is there a token that the attacker can have and the path accepts? Answered field by field,
// since every field is constrained on its own: the tokens and the path overlap exactly when each field does.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "jwtdomain/audit/mintable.h"

namespace jwtdomain::audit {

enum class Field : std::uint8_t { signing, type, issuer, audience, time, claim };
std::string_view name_of(Field field); // "keys", "typ", "iss", ...

// One fact that by itself keeps all of these tokens out of the path.
struct Separator {
    Field field = Field::signing;
    std::string claim = {}; // of Field::claim: its path, as the policy writes it
    std::string left = {};  // what the tokens have, for people
    std::string right = {}; // what the path asks for
};

// A field of which it is not known whether it keeps them out.
struct Doubt {
    Field field = Field::signing;
    std::string claim = {};
    std::string why = {};
};

struct ClaimValue {
    std::vector<std::string> path;
    std::vector<std::string> values;
    bool list = false; // written as an array
    bool operator==(const ClaimValue&) const = default;
};

// The times of a token, in seconds from now. What is not said: issued now, expires in a minute.
struct TokenTimes {
    std::optional<Seconds> issued = {}, begins = {}, expires = {};
    bool without_expiry = false;
    bool operator==(const TokenTimes&) const = default;
};

// The least token that crosses: what is not said need not be there.
struct TokenShape {
    static constexpr std::size_t kNewKey = static_cast<std::size_t>(-1);
    bool is_signed = true;
    std::size_t key = 0; // in Signing::keys of the path; kNewKey: one that the attacker adds to a source of the path
    Algorithm algorithm = Algorithm::ES256;
    std::optional<std::string> kid, type, issuer;
    std::optional<std::vector<std::string>> audiences;
    std::vector<ClaimValue> claims;
    TokenTimes times = {};
    bool operator==(const TokenShape&) const = default;
};

struct Check {
    std::vector<Separator> separators; // each alone suffices
    std::vector<Doubt> doubts;
    TokenShape token;                 // if there are neither
    std::vector<std::string> assumed; // what the token takes for granted of an issuer that nobody has described
    bool declared = false;            // only tokens of a trust edge would overlap, and those are declared
    bool separated() const { return !separators.empty(); }
    bool overlaps() const { return separators.empty() && doubts.empty(); }
};

// `trust`: the edges from the holder's domain to the path's; their own tokens do not count.
Check check(const Estate& estate, const Mintable& tokens, const accept::Path& path,
            std::span<const policy::TrustEdge* const> trust = {});

// Does the domain, or its issuer, decide which keys are found there? By its name, by the place where the policy says
// that its keys are, or because the place lies below its issuer.
bool controls(const policy::Domain& domain, const accept::KeyOrigin& origin);

// An issuer or place as they are compared here: without the '/' at its end, a default port, and case where it does not
// count; and all issuers that decide which keys an origin gives, so: those that its place, or the issuer whose metadata
// led there, lies below.
std::string plain_place(std::string_view url);
std::vector<std::string> issuers_of(const accept::KeyOrigin& origin);

// Can everybody sign as the domain: is the secret half of one of its keys published, or to be guessed?
SameKey is_public(const Estate& estate, const DomainKeys& keys);

// Could any token at all be accepted now, whoever signs it? (A path that has ended, or asks for what cannot be, is
// closed.)
Check check_satisfiable(const Estate& estate, const accept::Path& path);

} // namespace jwtdomain::audit
