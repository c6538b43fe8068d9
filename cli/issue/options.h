// What `jwtdomain issue` takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace jwtdomain::cli {

struct IssueOptions {
    std::optional<std::string> domain, subject, ttl, not_before, client, kid;
    std::vector<std::string> audiences, scopes, claims, headers;
    // who signs
    std::optional<std::string> key, secret, passphrase, signer;
    // without a policy
    std::optional<std::string> issuer, claim_set, type, algorithm;
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
