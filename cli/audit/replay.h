// Witnesses that were kept (saved_witnesses.h), run again: `audit replay DIR`.
#pragma once

#include <string>
#include <vector>

#include "cli/app/session.h"
#include "jwtdomain/audit/witness_case.h"

namespace jwtdomain::cli {

struct ReplayReport {
    struct Row {
        std::string file;
        audit::WitnessCase witness;
        audit::Replay result;
    };
    std::vector<Row> rows; // those that cross first, then those of which it cannot be said, then by file
    std::size_t count(audit::Replay::Outcome outcome) const;
};

// Faults: those of reading; no_input (no witness there).
Result<ReplayReport> replay_all(const audit::Estate& estate, const std::string& directory);

Exit exit_of(const ReplayReport& report);
std::string to_text(const ReplayReport& report, bool color);
std::string to_json(const ReplayReport& report);

} // namespace jwtdomain::cli
