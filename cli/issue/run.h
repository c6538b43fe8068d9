// The three ways of `jwtdomain issue`: one token, many, and one that is signed elsewhere.
#pragma once

#include "cli/app/session.h"
#include "cli/issue/issuer.h"

namespace jwtdomain::cli {

Exit issue_for_domain(Session& session, const IssueOptions& options);
Exit issue_ad_hoc(Session& session, const IssueOptions& options);
// --proof: a DPoP proof of a client's key for one request (RFC 9449 section 4.2).
Exit issue_proof(Session& session, const IssueOptions& options);
Exit attach_signature(Session& session, const IssueOptions& options);

// Appends the claims of the next token to `out`, with that jti.
using ClaimsWriter = std::function<void(std::string& out, std::string_view jti)>;

// --count: as many tokens of the same request, a line each.
Exit issue_count(Session& session, const IssueOptions& options, const Issuer& issuer, const ClaimsWriter& claims);

// Gives the claims of one line of input. Belongs to one thread.
using LineClaims = std::function<Status(std::string_view line, std::string_view jti, std::string& out)>;

// --input jsonl: a token for each line, in order; an empty line in place of a token that could not be made, which is
// told on standard error.
Exit issue_lines(Session& session, const IssueOptions& options, const Issuer& issuer,
                 const std::function<LineClaims()>& make);

} // namespace jwtdomain::cli
