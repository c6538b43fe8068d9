// What `verify` takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/network.h"
#include "cli/app/session.h"
#include "cli/verify/report.h"
#include "jwtdomain/accept/judge.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::cli {

struct VerifyOptions {
    std::optional<std::string> token;
    std::optional<std::string> domain, resource, method, expect, input, jobs;
    std::optional<std::string> dpop; // the proof itself
    std::vector<std::string> scopes;
    // without a policy
    std::optional<std::string> key, jwks, secret, leeway;
    std::vector<std::string> issuers, audiences, algorithms;
    bool signature_only = false;
    NetworkOptions network;

    bool ad_hoc() const { return key || jwks || secret; }
};

// The verifier that --key, --jwks or --secret describe with --issuer and --audience. Faults: usage, and those of
// reading keys.
Result<accept::Verifier> ad_hoc_verifier(Session& session, const VerifyOptions& options);

// The verdict of --domain. Faults: those of reading the policy.
Result<VerifyReport> verify_by_policy(Session& session, const VerifyOptions& options, std::string_view token);

// What the options ask for beside the token.
accept::Request request_of(const VerifyOptions& options, const policy::Domain& domain);

// What came with the token beside it, if anything did.
std::optional<accept::PresentedProof> proof_of(const VerifyOptions& options);

// Many tokens from standard input (or a file), a verdict a line.
Exit verify_bulk(Session& session, const VerifyOptions& options);

} // namespace jwtdomain::cli
