// What an issuer publishes of itself: OpenID Connect Discovery 1.0, RFC 8414.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/net/documents.h"

namespace jwtdomain::net {

struct IssuerMetadata {
    std::string url; // where it is
    std::string issuer;
    std::string jwks_uri;
};

// Where an issuer's metadata is looked for, in this order: below it (OpenID Connect Discovery 4.1), and with the
// well-known part between host and path (RFC 8414 3.1).
std::vector<std::string> metadata_places(const std::string& issuer);

// The metadata of exactly this issuer. Faults: those of Documents::get; not_found (at none of the places); invalid (it
// is not JSON, names another issuer, or has no jwks_uri that may be fetched), with the rule.
Result<IssuerMetadata> issuer_metadata(Documents& documents, const std::string& issuer);

} // namespace jwtdomain::net
