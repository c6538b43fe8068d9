// Internal: the normal form, and what an attacker can have, as JSON that leaves nothing out: equal texts mean equal
// acceptance. Names in order, no white space, ASCII. Of secrets only that they are there: their files are told apart by
// the digests of inputs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "jwtdomain/audit/mintable.h"

namespace jwtdomain::audit::canonical {

using Json = nlohmann::json; // its objects are ordered by name

Json json_of(const accept::Strings& strings);
Json json_of(const accept::Path& path);
Json json_of(const Mintable& tokens, const Estate& estate);
Json json_of(const Jwk& key);

std::string text_of(const Json& json);

} // namespace jwtdomain::audit::canonical
