// The sentences that every report of a probe begins with, and the words of its matrix. Not escaped, unless it says so.
#pragma once

#include <string>

#include "cli/app/text.h"
#include "cli/probe/report.h"

namespace jwtdomain::cli {

// After the verdict's name: how many targets, and the first of the worst.
std::string headline_of(const ProbeReport& report);
// How it is known, from how many requests, as of when.
std::string standing_of(const ProbeReport& report);
// What a verdict says, and what it does not: for those who read no more than the report.
std::string_view meaning_of(ProbeVerdict verdict);

std::string name_of(const probe::Findings& findings); // "prod, https://api.example.com/orders"
std::string outcome_of(const probe::Sent& sent);      // of a foreign token: "ACCEPTED", "refused", "not known"
std::string_view text_of(ProbeCell cell);             // likewise, and "home"
std::string plural(std::size_t count, const std::string& thing); // "1 kind", "2 kinds"

Tone tone_of(ProbeVerdict verdict);

} // namespace jwtdomain::cli
