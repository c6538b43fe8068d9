// The files of one run of `evidence make`, made from a policy directory and a time alone: the same inputs give the same
// octets, so that `evidence verify` can make them again and compare.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "cli/app/session.h"
#include "cli/audit/report.h"

namespace jwtdomain::cli {

// Names of files in an evidence directory.
inline constexpr std::string_view kManifest = "evidence.json", kEnvelope = "envelope.json", kInputs = "inputs/",
                                  kBaseline = "baseline.json", kCertificate = "certificate.json",
                                  kSnapshot = "fetched.json";

struct BundleRequest {
    std::string directory;               // of the policy
    std::optional<std::string> baseline; // a file
    AuditOptions options;
    Time as_of = 0;
};

struct Bundle {
    AuditReport report;
    std::map<std::string, std::string> files; // by name relative to the evidence directory, without the envelope
};

// Faults: those of an audit; invalid (an input that must not be copied: a key set with a secret, a file outside of the
// policy's directory), internal.
Result<Bundle> make_bundle(Session& session, const BundleRequest& request);

// What a manifest says it was made with. Nothing is believed. Faults: invalid.
struct ManifestHead {
    AuditOptions options;
    Time as_of = 0;
    std::string verdict; // "not-proven"
};
Result<ManifestHead> read_manifest(std::string_view text, const std::string& file);

} // namespace jwtdomain::cli
