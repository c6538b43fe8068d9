// Reading the members of one JWK. Internal to the parsers of keys and sets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain::jwk {

constexpr std::size_t kMaxSize = 4u << 20;

// The text must be JSON with an object at its top. Faults: invalid, limit.
Status parse_object(json::Document& document, std::string_view text, const std::string& file);

// An error at a place in the text.
tl::unexpected<Error> fail_at(Error error, std::string_view text, std::size_t offset, const std::string& file);

// Errors have neither file nor place. Faults: invalid; unsupported for what is simply not ours.
Result<JwkMetadata> read_metadata(const json::Value& object);
Result<Jwk> read_public(const json::Value& object, JwkMetadata metadata);
Result<PrivateJwk> read_private(const json::Value& object, JwkMetadata metadata);

// Whether any private member stands there; in it, at any depth.
bool has_private_members(const json::Value& object);
bool holds_private_members(const json::Value& value);

// What can be read of a key that is skipped: the last members of `out`.
void read_leniently(const json::Value& object, SkippedKey& out);

// Why a key with that metadata verifies, or signs, no JWS; nullptr if it may. A contradiction of alg and key is found
// by check_algorithm.
const char* why_not(const JwkMetadata& metadata, std::string_view operation);

// Refuses a signature algorithm in "alg" that does not fit the key. Faults: invalid.
Status check_algorithm(const JwkMetadata& metadata, KeyType type);

} // namespace jwtdomain::jwk
