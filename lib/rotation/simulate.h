// Does a rotation keep every good token good, and no key longer than it should be? Held against all ages of caches and
// of tokens, second by second: the times at which anything changes are few, so that whole intervals are compared.
#pragma once

#include "jwtdomain/rotation/plan.h"

namespace jwtdomain::rotation {

// What one key does in the time that is looked at. Intervals are from..until without `until`.
struct KeyLife {
    std::string key;                                       // its name; empty for the one that is not made yet
    std::optional<Time> published_from = {};               // nullopt: for longer than any cache lives
    std::optional<Time> published_until = {};              // nullopt: to the end of what is looked at
    std::optional<Time> signs_from = {}, signs_until = {}; // nullopt: not at all; to the end
    std::optional<Time> due = {};                          // when its record says that it is to leave
    std::optional<Time> last_accepted = {};                // by a cache of the greatest age; nullopt: it stays
};

struct Breach {
    enum class Kind : std::uint8_t {
        nothing_signs, // in from..until
        several_sign,  // in from..until
        not_published, // a cache that was filled in from..until does not have the key of a token that is valid
        kept_too_long, // the key is published in from..until, after its time
    } kind = Kind::nothing_signs;
    std::string key = {};
    Time from = 0, until = 0;
};
std::string_view name_of(Breach::Kind kind);

struct Simulation {
    Time from = 0, until = 0; // what was looked at
    std::vector<KeyLife> keys;
    std::vector<Breach> breaches;
    bool good() const { return breaches.empty(); }
};

// `published`: since when each record's key is in the set; nullopt: for longer than any cache lives. Tokens that were
// signed before `now` are among those that are looked at.
Simulation simulate(const std::vector<KeyRecord>& records, const std::vector<std::optional<Time>>& published,
                    const Facts& facts, Time now);

// The same of lives that are given, from..until: what simulate() asks.
std::vector<Breach> breaches_of(const std::vector<KeyLife>& lives, const Facts& facts, Time from, Time until);

} // namespace jwtdomain::rotation
