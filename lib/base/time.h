// Points in time and spans, in whole seconds. The library has no clock: "now" is always given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"

namespace jwtdomain {

using Time = std::int64_t;    // seconds since 1970-01-01T00:00:00Z without leap seconds (RFC 7519 NumericDate)
using Seconds = std::int64_t; // a span

// RFC 3339 ("2026-11-23T15:00:00Z", with an offset, or a date alone: its start in UTC), or a whole number of seconds
// since the epoch ("1700000000", "@1700000000"). A fraction is dropped; a leap second is taken as the second before it
// and must stand where one can. Always within the years 0000 to 9999 UTC. Faults: usage.
Result<Time> parse_time(std::string_view text);

// "90", "90s", "10m", "8h", "7d", and sums of them, larger units first ("1h30m"); not negative, at most 10,000 years,
// so that adding one to a parsed time cannot overflow. Faults: usage.
Result<Seconds> parse_duration(std::string_view text);

std::string format_time(Time time);               // "2026-11-23T15:00:00Z"; beyond the years 0000 to 9999 "@SECONDS"
std::string format_duration(Seconds span);        // "10m", "1h30m", "7d", "0s", "-5m"
std::string format_relative(Time time, Time now); // "in 4 min", "2 h 5 min ago", "now"; at most two units

} // namespace jwtdomain
