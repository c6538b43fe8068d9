// What `scan` has to say: a value, printed elsewhere. It is meant to be pasted into a ticket: unless it was asked to be
// revealed, no signature is in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/app/exit_status.h"
#include "cli/triage/report.h"
#include "jwtdomain/jwt/rule.h"
#include "jwtdomain/scan/find.h"
#include "jwtdomain/scan/walk.h"

namespace jwtdomain::cli {

// One place where a token stands.
struct Occurrence {
    std::string path; // redacted
    std::uint64_t offset = 0, size = 0, line = 0;
    std::vector<scan::Layer> layers; // what it was inside of, from the outside in
    scan::Repairs repairs;           // what was undone
    std::string part = {};           // of the content: an entry of a HAR file
};

struct FoundToken {
    std::string fingerprint;
    scan::Form form = scan::Form::jws;
    scan::Condition condition = scan::Condition::whole;
    Severity severity = Severity::info;
    TriageReport triage;
    std::string example = {};                 // where everybody can read it; empty: it is no known example
    std::string token = {};                   // only where it was asked for
    std::vector<Occurrence> occurrences = {}; // the first ones
    std::uint64_t count = 0;                  // of all
};

struct CoverageGap {
    std::string path;
    scan::Gap gap = scan::Gap::unreadable;
    std::string detail;
};

struct Coverage {
    std::uint64_t files = 0, members = 0, octets = 0, links = 0, excluded = 0; // members: of archives
    std::vector<CoverageGap> gaps;                                             // the first ones
    std::uint64_t gap_count = 0;
    int interrupted = 0; // by this signal
    bool complete() const { return gap_count == 0 && interrupted == 0; }
};

struct ScanReport {
    std::vector<FoundToken> tokens; // worst first
    Coverage coverage;
    Severity fail_on = Severity::high;
    std::uint64_t failing = 0; // tokens at or above it
    bool policy_read = false;
    Time now = 0;
};

constexpr std::size_t kShownOccurrences = 50, kShownGaps = 1000;

// How bad it is that this token was found.
Severity severity_of(const FoundToken& token);
bool fails(const FoundToken& token, Severity fail_on);

// Worst first, those of a domain together, whatever order they were found in.
void order(ScanReport& report);
Exit exit_of(const ScanReport& report);

std::string to_text(const ScanReport& report, bool color);
std::string to_json(const ScanReport& report);
// A line as something is found; `known`: what is said of the token itself was said before.
std::string jsonl_of(const FoundToken& token, const Occurrence& occurrence, bool known);
std::string jsonl_summary(const ScanReport& report);

} // namespace jwtdomain::cli
