// Keys that are found by what a token's header says. The header is as little verified as the claims are, and whoever
// writes a token writes it, too.
#pragma once

#include <string_view>

#include "jwtdomain/accept/normal.h"

namespace jwtdomain::accept {

// Is what stands in braces in the place of keys no claim but a parameter of the header (RFC 7515 section 4.1)?
constexpr bool is_of_header(std::string_view name) {
    return name == "jwk" || name == "x5c" || name == "jku" || name == "x5u" || name == "kid";
}

// Does the header hold the key, or say where it is? A kid only says which one it is, unless it names the host.
inline bool supplies_key(const Signing& signing, const KeyOrigin& origin) {
    return is_of_header(origin.named_by) && (origin.named_by != "kid" || signing.source == KeySource::of_token);
}

} // namespace jwtdomain::accept
