// Keys for Envoy's filter jwt_authn, whoever configures it: Envoy's own files, Istio.
// Internal: not installed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/demand.h"

namespace jwtdomain::gateway {

// Fails if tokens of the domain would be refused: it knows no ES256K and no Ed448, and Ed25519 as EdDSA alone. A key
// set in which it does not know a key it does not take at all.
Status check_envoy_keys(const Order& order, std::string_view name);

// There is no list of algorithms but what each key says of itself.
void add_envoy_key_losses(const Order& order, const UsedKeys& keys, std::vector<Loss>& losses);

std::string jwks_in_one_line(const std::vector<PublicJwk>& keys);

} // namespace jwtdomain::gateway
