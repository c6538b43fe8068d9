// `evidence make` and `evidence verify`: directories of files that show, later and to others, what an audit found.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/exit_status.h"
#include "cli/evidence/bundle.h"
#include "cli/evidence/envelope.h"

namespace jwtdomain::cli {

struct EvidenceMakeOptions {
    std::string directory;
    AuditOptions audit;
    std::optional<std::string> baseline;
    SealingOptions sealing;
};

struct MakeReport {
    std::string directory;
    AuditReport audit;
    std::vector<std::string> files; // the envelope among them
    bool is_signed = false;
};

// Writes all files or none: into a directory beside the wanted one, which then takes its name. Faults: those of
// make_bundle and of writing; conflict (the directory exists).
Result<MakeReport> make_evidence(Session& session, const EvidenceMakeOptions& options);

struct EvidenceVerifyOptions {
    std::string directory;
    std::optional<std::string> from, to; // days, "2026-11-26"
    std::optional<std::string> keys;
};

struct EvidenceReport {
    enum class Outcome { valid, gaps, changed };
    struct Run {
        std::string directory;
        std::string as_of, clock, revision, verdict; // as the run says, once it is verified
        bool modified = false;
        Signature signature = Signature::none;
        std::vector<std::string> problems; // what is not as it was made; empty: it was derived again, octet by octet
    };
    std::vector<Run> runs;            // by time
    std::vector<std::string> missing; // days without a run that is valid
    std::string from, to;             // days; empty: the whole was not asked for
    Outcome outcome() const;
};

// A directory that `evidence make` wrote, or one that holds several. Faults: no_input (no evidence in it), usage (a day
// that is none), and those of reading the keys.
Result<EvidenceReport> verify_evidence(Session& session, const EvidenceVerifyOptions& options);

Exit exit_of(const EvidenceReport& report);

std::string to_text(const MakeReport& report, bool color);
std::string to_json(const MakeReport& report);
std::string to_text(const EvidenceReport& report, bool color);
std::string to_json(const EvidenceReport& report);

} // namespace jwtdomain::cli
