// What a domain's issuer serves, as files: publish/DOMAIN/ beside the policy is the root of its host. The key set, and
// the documents that lead to it (OpenID Connect Discovery 1.0 section 4, RFC 8414 section 3).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::cli {

constexpr std::string_view kKeySetType = "application/jwk-set+json"; // RFC 7517 section 8.5.2
constexpr std::string_view kMetadataType = "application/json";       // RFC 8414 section 3.2
constexpr std::string_view kCacheControl = "public, max-age=300";

struct PublishedFile {
    std::string path; // below the directory, as in the URL: "/.well-known/openid-configuration"
    std::string_view type;
    std::string text;
};

struct Publication {
    std::string directory;
    std::vector<PublishedFile> files; // the key set first
    std::string jwks_uri;             // empty where the issuer is no URL: then there is nothing that leads to the set
};

// The directory, whether or not it is there.
std::string publication_directory(const policy::Policy& policy, const policy::Domain& domain);

Publication publication_of(const policy::Policy& policy, const policy::Domain& domain, const JwkSet& set);

// Writes what is not there in the same octets, the key set first. Gives how many files that were. Faults: those of
// writing.
Result<std::size_t> publish(const Publication& publication);

// The key set as it lies in the directory; nullopt if there is none that can be read.
std::optional<JwkSet> published_there(const Publication& publication);

} // namespace jwtdomain::cli
