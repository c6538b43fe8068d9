// A family of refresh tokens, as the store keeps it: what was granted, and where its line of generations stands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/mint.h"
#include "jwtdomain/refresh/machine.h"

namespace jwtdomain::refresh {

// What the tokens of a family may say. It can only become less.
struct Grant {
    std::optional<std::string> client = {}, subject = {};
    std::vector<std::string> audiences = {}, scopes = {};
    std::vector<RawMember> claims = {};
    std::string key_thumbprint = {}; // RFC 7638, of the key that it is bound to (RFC 9449 section 6.1); empty: to none
};

struct Family {
    std::string id = {}; // octets
    std::string domain = {};
    Grant grant = {};
    Standing standing = {};
    std::optional<Time> ended_at = {};
    Time access_until = 0;                // when the last access token of it ends
    Time sealed_until = 0;                // until when the answer to the predecessor is kept; 0: there is none
    std::string head = {}, previous = {}; // keyed hashes of the tokens; `previous` is empty for the first generation
};

std::string write_grant(const Grant& grant);
// Faults: internal.
Result<Grant> read_grant(std::string_view text);

// Everything of the record, so that no two records give the same octets: what its MAC is of.
std::string canonical(const Family& family);

// How it is named outside: base64url of its id.
std::string name_of_family(std::string_view id);

} // namespace jwtdomain::refresh
