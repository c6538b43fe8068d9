// Credentials in JSON: what inspect warns of and redaction takes out.
// Internal: not installed.
#pragma once

#include <string_view>

#include "jwtdomain/base/json.h"

namespace jwtdomain {

// Why a string that stands under `name` is taken for a credential: "holds a private key", "is named like a secret".
// nullptr: it is not.
const char* credential_in(std::string_view name, std::string_view value);

// A JWK with its private half, or a symmetric one; and the names of the members that are secret in it.
bool is_private_jwk(json::Value object);
bool is_private_jwk_member(std::string_view name);

} // namespace jwtdomain
