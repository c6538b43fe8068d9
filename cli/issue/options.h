// What `jwtdomain issue` takes, and of that what `refresh` takes, too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/declaration.h"

namespace jwtdomain::cli {

// Who signs for a domain.
struct SigningOptions {
    std::optional<std::string> kid, key, passphrase, signer;
};
void declare_signing(Declaration& declaration, SigningOptions& options);

struct IssueOptions : SigningOptions {
    std::optional<std::string> domain, subject, ttl, not_before, client;
    std::vector<std::string> audiences, scopes, claims, headers;
    // without a policy
    std::optional<std::string> secret, issuer, claim_set, type, algorithm;
    // with a refresh token
    bool refresh = false;
    std::optional<std::string> dpop_key; // of the client
    std::optional<std::string> proof;    // "METHOD URI": only a proof with that key
    std::optional<std::string> access_token, nonce;
    // signing elsewhere
    bool request = false;
    std::optional<std::string> attach, signature;
    // many
    std::optional<std::string> count, input, jobs;

    bool ad_hoc() const { return !domain && (key || secret); }
    bool bulk() const { return count || input; }
};

} // namespace jwtdomain::cli
