// What `scan` has to say: a value, printed elsewhere. It is meant to be pasted into a ticket: unless it was asked to be
// revealed, no signature is in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "cli/app/exit_status.h"
#include "cli/app/session.h"
#include "cli/scan/across.h"
#include "cli/scan/plan.h"
#include "cli/triage/report.h"
#include "jwtdomain/jwt/rule.h"
#include "jwtdomain/scan/find.h"
#include "jwtdomain/scan/git.h"
#include "jwtdomain/scan/walk.h"

namespace jwtdomain::cli {

// One place where a token stands.
struct Occurrence {
    std::string path; // redacted
    std::uint64_t offset = 0, size = 0, line = 0;
    std::vector<scan::Layer> layers;        // what it was inside of, from the outside in
    scan::Repairs repairs;                  // what was undone
    std::string part = {};                  // of the content: an entry of a HAR file
    std::optional<scan::GitPlace> git = {}; // where it stands in a repository; `path` has its name
};

// In a baseline: somebody has looked at it before.
struct KnownToken {
    std::string owner = {}; // who answers for it; may be empty
    std::optional<Time> since = {};
};

// A key by which the signature of a token is good.
struct SignedBy {
    std::string key;   // its kid; may be empty
    std::string owner; // the domain of the policy, or the file, that it is of
};

struct FoundToken {
    std::string fingerprint;
    scan::Form form = scan::Form::jws;
    scan::Condition condition = scan::Condition::whole;
    Severity severity = Severity::info;
    TriageReport triage;
    std::string example = {};                 // where everybody can read it; empty: it is no known example
    std::string token = {};                   // only where it was asked for
    std::vector<Occurrence> occurrences = {}; // the first ones, in their order
    std::uint64_t count = 0;                  // of all
    std::optional<KnownToken> known = {};
    bool signature_checked = false; // by the keys of the policy and those that were given
    std::optional<SignedBy> signed_by = {};
};

struct CoverageGap {
    std::string path;
    scan::Gap gap = scan::Gap::unreadable;
    std::string detail;
};

struct Coverage {
    std::uint64_t files = 0, members = 0, octets = 0, links = 0, excluded = 0; // members: of archives
    std::uint64_t repositories = 0, objects = 0;                               // of git
    bool may_be_empty = false;     // of what was asked for there may be nothing
    std::vector<CoverageGap> gaps; // the first ones, in their order
    std::uint64_t gap_count = 0;
    int interrupted = 0; // by this signal
    bool complete() const { return gap_count == 0 && interrupted == 0; }
};

struct ScanReport {
    std::vector<FoundToken> tokens; // worst first
    std::uint64_t found = 0;        // of them; also where they were told of and not held
    Coverage coverage;
    Severity fail_on = Severity::high;
    std::uint64_t failing = 0;        // tokens at or above it
    std::uint64_t failing_across = 0; // findings of `across`, likewise
    bool policy_read = false;
    Time now = 0;
    std::vector<PlanStep> plan;              // what stops them
    std::optional<AcrossReport> across = {}; // where it was asked for
};

constexpr std::size_t kShownOccurrences = 50, kShownGaps = 1000;

// Their order, which does not depend on when each was found.
bool comes_before(const Occurrence& a, const Occurrence& b);
bool comes_before(const CoverageGap& a, const CoverageGap& b);
// Puts it where it belongs, and keeps the first ones.
void add_occurrence(FoundToken& token, Occurrence occurrence);
void add_gap(Coverage& coverage, CoverageGap gap);
// Adds the places of another token of this fingerprint, and says of both what is worse. True if that is the other's.
bool combine(FoundToken& kept, FoundToken&& other);

// How bad it is that this token was found.
Severity severity_of(const FoundToken& token);
bool fails(const FoundToken& token, Severity fail_on);

// What of several descriptions of a token makes one the worse; where that is equal, all that is said decides.
struct Rank {
    Severity severity = Severity::info;
    scan::Condition condition = scan::Condition::whole;
    scan::Form form = scan::Form::jws;
    bool operator==(const Rank&) const = default;
    bool operator<(const Rank& other) const {
        return std::tie(severity, condition, form) < std::tie(other.severity, other.condition, other.form);
    }
};
Rank rank_of(const FoundToken& token);

// Counts those that fail, plans what stops them, and puts all in order: worst first, those of a domain together,
// whatever order they were found in.
void finish_report(ScanReport& report);
Exit exit_of(const ScanReport& report);

std::string to_text(const ScanReport& report, bool color);
std::string to_json(const ScanReport& report);
std::string to_csv(const ScanReport& report);
std::string to_sarif(const ScanReport& report);
std::string to_html(const ScanReport& report);
// All of them but lines, which are written as something is found.
std::vector<Rendering> scan_renderings(const ScanReport& report, bool color);

// All that is said of a token, as members of a line; or, where that was told before, only which it is.
std::string members_text(const FoundToken& token);
// A line for one place of it. `first`: it was not told of before.
void append_line(std::string& out, std::string_view members, const Occurrence& occurrence, bool first);
std::string jsonl_summary(const ScanReport& report);

} // namespace jwtdomain::cli
