// The life of a domain's signing keys: prepared -> active -> retired -> removed. Each state follows from the times in
// the keys' records and from now, so that a rotation can be interrupted anywhere, repeated, and looked at on another
// machine.
//
// The record of a key is its JWK in the set that the domain publishes: `iat` (made and published), `nbf` (signs from
// then on) and `exp` (not to be accepted from then on). A key retires when its successor begins; nothing is written
// then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/base/time.h"

namespace jwtdomain::rotation {

struct KeyRecord {
    std::string name; // its RFC 7638 thumbprint
    std::optional<Time> made = {}, starts = {}, ends = {};
    // Keys that were made before there was rotation have no `nbf`: they sign from when they were made.
    Time start() const { return starts ? *starts : made.value_or(0); }
};

// What the consumers and tokens of a domain ask for.
struct Facts {
    Seconds cache = 7200;         // the longest that a consumer keeps a copy of the set, whatever is advertised
    Seconds token_life = 600;     // the longest life of a token
    Seconds skew = 30;            // for clocks that differ
    std::optional<Seconds> every; // how long a key signs; nullopt: until somebody rotates

    Seconds ahead() const { return cache + skew; }      // published for so long before it signs
    Seconds after() const { return token_life + skew; } // and for so long after it has signed last
    Seconds shortest() const;                           // no key signs for less than that
};
constexpr int kLivesPerKey = 6; // a key signs for at least so many lives of a token

enum class State : std::uint8_t { prepared, active, retired, removed };
std::string_view name_of(State state);

struct KeyState {
    State state = State::prepared; // removed: its time is over, and it is to be taken out of the set
    bool may_sign = false;         // now: it is the active one, or nothing has retired it
    Time starts = 0;
    std::optional<Time> stops;  // signing: when its successor begins, or before its own end
    std::optional<Time> leaves; // the set, at the earliest; nullopt: nothing says so
};

struct Situation {
    std::vector<KeyState> keys;       // as the records are
    std::optional<std::size_t> signs; // nullopt: nothing does
    std::size_t count(State state) const;
};
Situation situation_at(const std::vector<KeyRecord>& records, const Facts& facts, Time now);

// When a rotation may begin, that is, a new key may be made; nullopt while one is under way.
std::optional<Time> begins_at(const std::vector<KeyRecord>& records, const Facts& facts, Time now);

// The time from which a key that is published now may sign: at once if nothing else does.
Time start_of_new_key(const std::vector<KeyRecord>& records, const Facts& facts, Time now);

} // namespace jwtdomain::rotation
