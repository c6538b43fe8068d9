// What a session had from the network: kept in a file for a session that is to find the same, and told of in reports.
#pragma once

#include <string>
#include <vector>

#include "cli/app/session.h"

namespace jwtdomain::cli {

// Faults: those of writing.
Status keep_snapshot(Session& session, const std::string& file);
// Has the session take what is in that file, and nothing else: neither the network nor what is remembered. Faults:
// those of reading it.
Status use_snapshot(Session& session, const std::string& file);

std::string age_of(const net::Fetched& fetched, Time now); // "5m"

// A document that a report was made from.
struct FetchedLine {
    std::string url;
    std::string sha256; // of its octets, in hexadecimal
    Time confirmed = 0; // when its origin last said that this is it
    Seconds age = 0;    // as of the report
};
// All that the session had from the network so far, by URL.
std::vector<FetchedLine> fetched_lines(Session& session, Time as_of);
// "https://a.example/jwks, 5m old"
std::string text_of(const FetchedLine& line);

} // namespace jwtdomain::cli
