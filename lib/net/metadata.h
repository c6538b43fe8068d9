// What an issuer or a resource publishes of itself: OpenID Connect Discovery 1.0, RFC 8414, RFC 9728.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/net/documents.h"

namespace jwtdomain::net {

struct IssuerMetadata {
    std::string issuer;
    std::string jwks_uri;
    std::string where;                                // the URL of the document
    std::vector<std::string> signing_algorithms = {}; // id_token_signing_alg_values_supported; empty: not said
};

// Where an issuer's metadata is looked for, in this order: below it (OpenID Connect Discovery 4.1), and with the
// well-known part between host and path (RFC 8414 3.1).
std::vector<std::string> metadata_places(const std::string& issuer);

// The metadata of exactly this issuer. Faults: those of Documents::get; not_found (at none of the places); invalid (it
// is not JSON, names another issuer, or has no jwks_uri that may be fetched), with the rule.
Result<IssuerMetadata> issuer_metadata(Documents& documents, const std::string& issuer);

struct ResourceMetadata {
    std::string resource;
    std::vector<std::string> authorization_servers, scopes;
    std::string where;
};
// RFC 9728 3: of exactly this resource. Faults: as above.
Result<ResourceMetadata> resource_metadata(Documents& documents, const std::string& resource);

} // namespace jwtdomain::net
