// The key set that `jwtdomain jwks` prints: public members of public keys, written from their numbers.
#pragma once

#include <string>
#include <vector>

#include "cli/app/network.h"
#include "cli/app/session.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain::cli {

struct JwksOptions {
    std::optional<std::string> domain, passphrase;
    std::vector<std::string> keys;    // files
    std::optional<std::string> check; // a URL
    NetworkOptions network;
};

// What a domain publishes. Warns of private keys that stand in the file. Faults: those of the policy and of its files;
// not_found if there is no key yet.
Result<std::vector<PublicJwk>> published_keys(Session& session, const std::string& domain);

// The public keys of a set, as they are published: secrets and private members are left out.
std::vector<PublicJwk> public_keys(const JwkSet& set);

// The public halves of the keys in files, each key once. Faults: those of reading; invalid for a shared secret.
Result<std::vector<PublicJwk>> keys_of_files(Session& session, const JwksOptions& options);

} // namespace jwtdomain::cli
