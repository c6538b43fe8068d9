// What an issuer publishes of itself (OpenID Connect Discovery 1.0, RFC 8414), and what a resource does (RFC 9728).
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

// Takes a document for the metadata of exactly this issuer. Faults: invalid (it is not JSON, names another issuer, or
// has no jwks_uri that may be fetched), with the rule.
Result<IssuerMetadata> read_issuer_metadata(const Fetched& document, const std::string& issuer);

// The metadata of exactly this issuer. Faults: those of Documents::get and of reading it; not_found (at none of the
// places); invalid (the issuer has a query or a fragment, RFC 8414 2).
Result<IssuerMetadata> issuer_metadata(Documents& documents, const std::string& issuer);

// Is that where some issuer's metadata is, by the form of the URL? Verifiers are often given that address.
bool is_metadata_place(const std::string& url);

// The metadata that is there. Its issuer must be the one whose place this is, with or without a slash at its end, or
// with {tenantid} for one segment of it (Entra's, for all tenants). Faults: as issuer_metadata; invalid (no such
// place).
Result<IssuerMetadata> metadata_at(Documents& documents, const std::string& url);

struct ResourceMetadata {
    std::string url; // where it is
    std::string resource;
    std::vector<std::string> authorization_servers; // issuers; none: it does not say
    std::vector<std::string> scopes;
    bool signed_copy = false; // it also has signed_metadata, which is not looked at (RFC 9728 2.2 leaves that open)
};

// Between host and path; a slash that is all of the path is dropped, another one stays (RFC 9728 3.1).
std::string resource_metadata_place(const std::string& resource);

// Takes a document for the metadata of exactly this resource: "If these values are not identical, the data contained in
// the response MUST NOT be used" (RFC 9728 3.3). Faults: invalid (it is not JSON, is of another resource, a member is
// of another type, an authorization server is no issuer that may be asked, or there are more than 100 of anything).
Result<ResourceMetadata> read_resource_metadata(const Fetched& document, const std::string& resource);

// Faults: those of Documents::get (not_found: it publishes none) and of reading it; invalid (the resource has a
// fragment, RFC 9728 1.2).
Result<ResourceMetadata> resource_metadata(Documents& documents, const std::string& resource);

} // namespace jwtdomain::net
