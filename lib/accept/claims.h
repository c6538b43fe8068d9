// The checks of a path on a token's claims: issuer, audience, time and claim rules. Used by the engine only; each
// adds what failed to `findings` and stops at nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/accept/normal.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/reason.h"

namespace jwtdomain::accept {

// The registered claims, found in one pass over the token.
struct RegisteredClaims {
    std::optional<json::Value> iss, sub, aud, exp, nbf, iat, jti;
};
// Of those in `any_case` (Dialect::any_case) the last that is its name in any case.
RegisteredClaims find_registered(json::Value claims, const std::vector<std::string>& any_case = {});

// As encoding/json of Go compares names: letters without regard to case, the long s (U+017F) as an s. `name` is ASCII.
bool same_in_any_case(std::string_view text, std::string_view name);

// A claim at that path, name by name from the top.
std::optional<json::Value> find_claim(json::Value claims, const std::vector<std::string>& path);

// A NumericDate (RFC 7519 section 2) as whole seconds, fractions rounded down, or up if `up`; values beyond reason are
// clamped. nullopt if it is not a number.
std::optional<Time> numeric_date(json::Value value, bool up = false);

// Every text that compares equal to `audience`.
std::vector<std::string> audience_variants(std::string_view audience, AudienceComparison comparison);

void check_issuer(const IssuerRule& rule, const Dialect& dialect, const RegisteredClaims& registered,
                  std::vector<Finding>& findings);
void check_audience(const AudienceRule& rule, const RegisteredClaims& registered, json::Value claims,
                    std::vector<Finding>& findings);
void check_time(const TimeRule& rule, const RegisteredClaims& registered, Time now, std::vector<Finding>& findings);
void check_claim(const ClaimRule& rule, json::Value claims, std::vector<Finding>& findings);

} // namespace jwtdomain::accept
