// What commands may ask the network for, and how keys come from there. Nothing goes out unasked: without --fetch, what
// was fetched before is used.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/session.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/net/documents.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::cli {

struct NetworkOptions {
    bool fetch = false, allow_private = false;
    std::optional<std::string> ca_file;
    std::vector<std::string> resolve; // HOST:PORT:ADDRESS

    bool any() const { return fetch || allow_private || ca_file || !resolve.empty(); }
};
void declare_network(Declaration& declaration, NetworkOptions& options);

// What of the options holds for any request.
net::Access access_of(Session& session, const NetworkOptions& options);

// Has the session ask the network as the options say. Faults: usage (an option without --fetch, a --resolve that is
// none).
Status use_network(Session& session, const NetworkOptions& options);

// The keys at a URL, or those that an issuer's metadata lead to, be it by discovery or because the URL is that of
// metadata. A key that the session expects and that is not among
// them has the origin asked once more. Keys older than their origin lets them be are warned of, with their age. Faults:
// those of Documents and of parsing a set.
Result<JwkSet> fetch_keys(Session& session, const policy::KeyLocation& location);

} // namespace jwtdomain::cli
