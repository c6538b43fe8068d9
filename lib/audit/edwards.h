// Points of Ed25519 and Ed448 (RFC 8032 section 5), as far as the identity of keys needs them.
#pragma once

#include <string>
#include <string_view>

namespace jwtdomain::audit {

// The y of the point times the cofactor (8 of Ed25519, 4 of Ed448): what a key has in common with every key that
// differs from it by a point of small order. Takes and gives octets as a public key has them; the sign of x does not
// matter. Empty for what is no point.
std::string without_cofactor(bool is_25519, std::string_view point);

} // namespace jwtdomain::audit
