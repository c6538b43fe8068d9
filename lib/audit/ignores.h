// Findings that a team has accepted, for a time: ignores.yaml beside policy.yaml. What is accepted is still shown, and
// what was accepted for nothing, or too long ago, is told.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::audit {

struct Ignore {
    static constexpr Seconds kLongest = Seconds{180} * 86400; // from now: an exception that never ends is a policy
    static constexpr Seconds kNotice = Seconds{14} * 86400;   // before its end

    std::string rule;  // the id of a rule, or ISOLATION for tokens that cross
    std::string where; // the name of a domain or service; of a crossing "SOURCE -> NAME", too; or a fingerprint
    std::string reason, owner;
    Time expires = 0;
    Location place;

    bool expired(Time now) const { return expires <= now; }
    bool expires_soon(Time now) const { return !expired(now) && expires - now <= kNotice; }
};

// What may be ignored: one finding, or one crossing.
struct Ignorable {
    std::string_view rule, fingerprint;
    std::vector<std::string> names; // of the domains and services concerned
};

// A list of {rule, where, reason, owner, expires}, all of them required. `file` names it in errors; `rules` are the ids
// that there are. Faults: invalid (at its line and column: unknown fields or rules, a date beyond kLongest, two entries
// for the same rule and place), limit.
Result<std::vector<Ignore>> read_ignores(std::string_view text, const std::string& file,
                                         std::span<const std::string_view> rules, Time now);

bool matches(const Ignore& ignore, const Ignorable& finding);

// The index of the first that has not expired and matches, or npos.
constexpr std::size_t kNotIgnored = static_cast<std::size_t>(-1);
std::size_t find_ignore(const std::vector<Ignore>& ignores, const Ignorable& finding, Time now);

} // namespace jwtdomain::audit
