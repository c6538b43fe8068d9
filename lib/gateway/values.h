// Values of a configuration as the normal form takes them.
// Internal: not installed.
#pragma once

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway {

// A source of keys: the metadata of OpenID Connect Discovery for this issuer; keys that cannot be read if it is no URL.
Node discovered_keys(std::string_view issuer, Mark at);

// A URL that the normal form takes for the place of keys: without braces, in which it has claims.
bool is_place_of_keys(std::string_view url);

// A list of issuers or audiences, in which "any" is no word of the form.
Node one_of(std::vector<Node> texts, Mark at);

Node number(std::int64_t value, Mark at);

} // namespace jwtdomain::gateway
