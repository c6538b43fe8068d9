// Certificates of isolation as files: written by `audit --proof`, worked out again by `proof check`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/exit_status.h"
#include "cli/app/policy.h"
#include "cli/app/sealing.h"
#include "jwtdomain/audit/certificate.h"

namespace jwtdomain::cli {

// The type of a certificate's envelope.
inline constexpr std::string_view kProofType = "application/vnd.jwtdomain.isolation+json";

// Is there no secret in any file that a verdict was made from? Copies and digests of these are to be shown to others,
// and from a digest a weak secret can be found. Faults: invalid.
Status check_public(const audit::Estate& estate);

// As certificates name them: by their paths relative to the policy's directory, and their digests.
std::vector<audit::Input> inputs_of(const ReadLog& log, const std::string& directory);

struct ProofReport {
    Signature signature = Signature::none;
    std::string file;
    audit::Certificate certificate;
    std::vector<std::string> refusals; // in what it differs from the policy; none: valid
    bool valid() const { return refusals.empty(); }
};

// Reads the certificate and works it out again from the policy. `keys`: a file with the keys one of which must have
// signed it. Faults: those of reading the certificate, the keys and the policy.
Result<ProofReport> check_proof(Session& session, const std::string& file, const std::optional<std::string>& keys);

std::string to_text(const ProofReport& report, bool color);
std::string to_json(const ProofReport& report);

} // namespace jwtdomain::cli
