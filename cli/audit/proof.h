// Certificates of isolation as files: written by `audit --proof`, worked out again by `proof check`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/exit_status.h"
#include "cli/app/policy.h"
#include "jwtdomain/audit/certificate.h"

namespace jwtdomain::cli {

// The type of a certificate's envelope.
inline constexpr std::string_view kProofType = "application/vnd.jwtdomain.isolation+json";

struct SealingOptions {
    std::optional<std::string> key, passphrase; // as load_key_file takes them
};

// `payload`, in an envelope signed by the key if one is given. Faults: those of load_key_file and seal; usage (the file
// has no private key).
Result<std::string> sealed(Session& session, std::string payload, std::string_view type, const SealingOptions& options);

// How they are named in certificates: relative to the policy's directory.
std::vector<audit::Input> inputs_of(const ReadLog& log, const std::string& directory);

struct ProofReport {
    enum class Signature { none, unchecked, good, bad } signature = Signature::none;
    std::string file;
    audit::Certificate certificate;
    std::vector<std::string> refusals; // in what it differs from the policy; none: valid
    bool valid() const { return refusals.empty(); }
};

// Reads the certificate and works it out again from the policy. `keys`: a file with the keys one of which must have
// signed it. Faults: those of reading the certificate, the keys and the policy.
Result<ProofReport> check_proof(Session& session, const std::string& file, const std::optional<std::string>& keys);

std::string_view code_of(ProofReport::Signature signature); // "unchecked"

std::string to_text(const ProofReport& report, bool color);
std::string to_json(const ProofReport& report);

} // namespace jwtdomain::cli
