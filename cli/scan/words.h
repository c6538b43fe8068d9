// Words and sizes of what was found, for the writers of reports.
#pragma once

#include <string>
#include <string_view>

#include "cli/scan/report.h"

namespace jwtdomain::cli {

std::string_view name_of(scan::Form form); // "jws"
std::string describe(scan::Form form,
                     const inspect::Token& token); // "access token (RFC 9068)", "encrypted token (JWE)"
std::string size_text(std::uint64_t octets);       // "1.5 MiB"
// The part that a token stands in, what it was taken out of, from the outside in, and what was undone: "base64,
// url-encoded"; empty: nothing.
std::string how_found(const Occurrence& occurrence);
// "LIVE", and where no policy says who takes it: "UNEXPIRED".
std::string_view state_text(const FoundToken& token, bool policy_read);

// "3 tokens"
std::string counted(std::uint64_t count, std::string_view noun);
// "known since 2026-11-27T00:00:00Z, alice answers for it"
std::string text_of(const KnownToken& known);
// "until 2026-11-27T13:00:00Z (in 4 min)", "since ...", "without end"; empty: that is not known.
std::string life_of(const FoundToken& token, Time now);
// Seconds until nothing accepts it any more, or until it expires where nothing is known to; nullopt: that is not
// known, or never.
std::optional<Seconds> life_left(const FoundToken& token, Time now);
// "key prod-1 of prod", "none of the keys that are known"; empty: it was not checked.
std::string signer_text(const FoundToken& token);
// A row of those that accept it: "orders of prod [config], scope orders:read, key prod-1".
std::string accepted_text(const TriageReport::Row& row);

// The verdict of a scan, in a word, and what is said of it.
struct ScanVerdict {
    std::string_view word; // "LEAKED"
    bool bad = false, incomplete = false;
    std::string rest;
};
ScanVerdict verdict_of(const ScanReport& report);

} // namespace jwtdomain::cli
