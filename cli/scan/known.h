// What is known of a place that is scanned again and again: a baseline, so that only what is new fails.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "cli/scan/options.h"
#include "cli/scan/report.h"

namespace jwtdomain::cli {

class Baseline {
public:
    // A file that --write-baseline wrote, a report of scan in JSON or in lines, or fingerprints, one a line, with
    // comments behind '#'. `file` names it in errors. Faults: invalid.
    static Result<Baseline> read(std::string_view text, const std::string& file);

    std::optional<KnownToken> find(const std::string& fingerprint) const;
    std::size_t size() const { return known_.size(); }

private:
    std::map<std::string, KnownToken, std::less<>> known_;
};

// The file of --baseline, or nothing. Faults: those of reading it.
Result<Baseline> load_baseline(const ScanWords& words);
// Marks what it has in a report. Faults: as load_baseline.
Status mark_known(const ScanWords& words, ScanReport& report);
// Writes the file of --write-baseline, if there is one to write; `status` becomes worse if it cannot be.
Exit write_known(Session& session, const ScanWords& words, const ScanReport& report, Exit status);
// Faults: usage.
Status check_known(const ScanWords& words);

// All of it that would fail, known since now and answered for by `owner`; what was known before keeps its owner and its
// day.
std::string baseline_of(const ScanReport& report, const std::string& owner);

} // namespace jwtdomain::cli
