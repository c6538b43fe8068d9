// What is to be done for a rotation, now and later.
#pragma once

#include "jwtdomain/rotation/state.h"

namespace jwtdomain::rotation {

struct Action {
    enum class Kind : std::uint8_t {
        prepare, // make a key and publish it, to sign from `time` on
        end,     // write into the record of `key` that it ends at `time`
        remove,  // take `key` out of the set, and its private half away
    } kind = Kind::prepare;
    std::size_t key = 0; // number of a record; of `prepare`: the one that comes after the last
    Time time = 0;
    bool migrated = false; // of `end`: the key is of before there was rotation, and was retired without a record
};

// What one run has to do; nothing, if it is too early for the next step. What it wrote is not due a second time.
std::vector<Action> due_at(const std::vector<KeyRecord>& records, const Facts& facts, Time now);
// The same where a rotation is to begin now.
std::vector<Action> begin_now(const std::vector<KeyRecord>& records, const Facts& facts, Time now);

// The same where the keys are taken for stolen: a new one signs at once, and the others go at once.
std::vector<Action> emergency_at(const std::vector<KeyRecord>& records, Time now);

// The records once this is done.
void apply(std::vector<KeyRecord>& records, const std::vector<Action>& actions, Time now);

struct Event {
    enum class Kind : std::uint8_t { prepare, activate, retire, remove } kind = Kind::prepare;
    Time at = 0;
    std::string key;  // its name; empty for the one that is not made yet
    bool run = false; // it takes a run of `rotate`; the others come by themselves
};
std::string_view name_of(Event::Kind kind);

// A time at which something happens, when `rotate` is run as soon as a run is due.
struct Moment {
    Time at = 0;
    std::vector<KeyRecord> before; // the records when it comes
    std::vector<Action> actions;   // of the run; empty: it comes by itself
    std::vector<KeyRecord> after;
};
// From `now` on, until the rotation that is under way, or else the next one, is complete.
std::vector<Moment> moments(const std::vector<KeyRecord>& records, const Facts& facts, Time now);

// The same, as what happens to keys; ordered by time.
std::vector<Event> timeline(const std::vector<KeyRecord>& records, const Facts& facts, Time now);

} // namespace jwtdomain::rotation
