// Internal: the parts of check(), one for each kind of field. Each adds to the separators, the doubts or the token.
#pragma once

#include "jwtdomain/audit/check.h"
#include "jwtdomain/audit/language.h"

namespace jwtdomain::audit::detail {

// What a token must have so that no trust edge speaks for it: for each edge one of these is asked for.
struct Outside {
    std::vector<std::string> issuer_not;                       // iss is none of these
    std::vector<std::string> audience_other_than;              // for each: aud has a value besides it, or is absent
    std::vector<const std::vector<std::string>*> scope_beyond; // for each: the scope has a word that is not in it
};

struct Problem {
    const Estate& estate;
    const Mintable& tokens;
    const accept::Path& path;
    const PathKeys& keys; // of the path
    const Outside& outside;
    // Only keys of this issuer count (KeyUse::issuer): a path with keys of several is asked once for each.
    const std::optional<std::string>& key_issuer;
    Check& out;

    // A doubt, where another name that they may have in their tokens is taken for that of the claim.
    void separate(Field field, std::string left, std::string right, std::string claim = {}) const;
    void doubt(Field field, std::string why, std::string claim = {}) const {
        out.doubts.push_back({field, std::move(claim), std::move(why)});
    }
};

void check_signing(const Problem& problem);
void check_type(const Problem& problem);
void check_issuer(const Problem& problem);
// May add rules on claims that are read in the place of `aud`.
void check_audience(const Problem& problem, std::vector<accept::ClaimRule>& further);
void check_time(const Problem& problem);
void check_claims(const Problem& problem, const std::vector<accept::ClaimRule>& further);

std::vector<std::string> words_of(const accept::Strings& strings); // of `any` none
std::string text_of(const accept::Strings& strings);
std::string text_of(const accept::ClaimRule& rule);
std::string text_of(const std::vector<std::string>& words);

} // namespace jwtdomain::audit::detail
