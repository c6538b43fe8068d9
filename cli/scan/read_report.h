// Reading what `scan` wrote, to add it up: a report in JSON, or the lines of one or of several runs.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "cli/scan/report.h"

namespace jwtdomain::cli {

bool is_scan_report(std::string_view text); // by its beginning

// Nothing of it is believed: what could make a token usable is taken out, as of what was found by ourselves. Lines that
// break off before their summary are a gap of the coverage. `file` names it in errors. Faults: invalid, limit.
Result<ScanReport> read_scan_report(std::string_view text, const std::string& file);

// Adds the tokens of one to the other, and the coverage.
class AddedReports {
public:
    // Faults: invalid (their policies differ: who accepts what is not the same question in both).
    Status add(ScanReport&& report);
    ScanReport take();

private:
    ScanReport sum_;
    bool any_ = false;
    std::size_t without_across_ = 0; // runs
    std::map<std::string, std::size_t> by_fingerprint_;
};

} // namespace jwtdomain::cli
