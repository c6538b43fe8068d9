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

} // namespace jwtdomain::cli
