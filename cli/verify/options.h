// What `verify` takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/session.h"
#include "jwtdomain/accept/judge.h"

namespace jwtdomain::cli {

struct VerifyOptions {
    std::optional<std::string> token;
    std::optional<std::string> domain, resource, method, expect, input, jobs;
    std::vector<std::string> scopes;
    // without a policy
    std::optional<std::string> key, jwks, secret, leeway;
    std::vector<std::string> issuers, audiences, algorithms;
    bool signature_only = false;

    bool ad_hoc() const { return key || jwks || secret; }
};

// The verifier that --key, --jwks or --secret describe with --issuer and --audience. Faults: usage, and those of reading keys.
Result<accept::Verifier> ad_hoc_verifier(Session& session, const VerifyOptions& options);

// Many tokens from standard input (or a file), a verdict a line.
Exit verify_bulk(Session& session, const VerifyOptions& options);

} // namespace jwtdomain::cli
