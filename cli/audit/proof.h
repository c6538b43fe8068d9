// Certificates of isolation as files: written by `audit --proof`, worked out again by `proof check`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/exit_status.h"
#include "cli/app/fetched.h"
#include "cli/app/policy.h"
#include "cli/app/sealing.h"
#include "jwtdomain/audit/certificate.h"

namespace jwtdomain::cli {

// The type of a certificate's envelope.
inline constexpr std::string_view kProofType = "application/vnd.jwtdomain.isolation+json";

// Is there no secret in any file that a verdict was made from? Copies and digests of these are to be shown to others,
// and from a digest a weak secret can be found. Faults: invalid.
Status check_public(const audit::Estate& estate);

// As certificates name them: files by their paths relative to the policy's directory, what the session fetched by URL;
// and their digests.
std::vector<audit::Input> inputs_of(Session& session, const ReadLog& log, const std::string& directory);

struct ProofReport {
    Signature signature = Signature::none;
    std::string file;
    audit::Certificate certificate;
    std::vector<FetchedLine> fetched;  // what it was worked out from, besides files
    bool wants_fetched = false;        // it is to be worked out from something at a URL, be it there or not
    bool kept = false;                 // that was taken from a snapshot
    std::vector<std::string> refusals; // in what it differs from the policy; none: valid
    bool valid() const { return refusals.empty(); }
};

struct ProofCheck {
    std::string file;
    std::optional<std::string> keys;     // a file: one of these must have signed it
    std::optional<std::string> snapshot; // of what was fetched; else what is remembered
};

// Reads the certificate and works it out again from the policy. Faults: those of reading the certificate, the keys, the
// snapshot and the policy.
Result<ProofReport> check_proof(Session& session, const ProofCheck& asked);

std::string to_text(const ProofReport& report, bool color);
std::string to_json(const ProofReport& report);

} // namespace jwtdomain::cli
