#include "jwtdomain/rotation/state.h"

#include <algorithm>

namespace jwtdomain::rotation {
namespace {

// Of keys that begin at the same time the one that stands last in the set was added last.
std::optional<std::size_t> successor_of(const std::vector<KeyRecord>& records, std::size_t key) {
    const auto order = [&](std::size_t i) { return std::pair(records[i].start(), i); };
    std::optional<std::size_t> out;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const bool never = records[i].ends && *records[i].ends <= records[i].start(); // it signs at no time
        if (!never && order(i) > order(key) && (!out || order(i) < order(*out))) out = i;
    }
    return out;
}

std::optional<Time> earlier(std::optional<Time> a, std::optional<Time> b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

} // namespace

std::string_view name_of(State state) {
    switch (state) {
    case State::prepared: return "prepared";
    case State::active: return "active";
    case State::retired: return "retired";
    case State::removed: return "removed";
    }
    return "";
}

Seconds Facts::shortest() const { return std::max(kLivesPerKey * token_life, ahead() + after()); }

std::size_t Situation::count(State state) const {
    return static_cast<std::size_t>(
        std::count_if(keys.begin(), keys.end(), [&](const KeyState& key) { return key.state == state; }));
}

Situation situation_at(const std::vector<KeyRecord>& records, const Facts& facts, Time now) {
    Situation out;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const KeyRecord& record = records[i];
        const auto successor = successor_of(records, i);
        const auto superseded = successor ? std::optional(records[*successor].start()) : std::nullopt;
        // What no other key follows stops early enough for its last token to be over at its end.
        const auto own_end = record.ends && !superseded ? *record.ends - facts.after() : record.ends;
        KeyState key{.state = State::prepared,
                     .may_sign = false,
                     .starts = record.start(),
                     .stops = earlier(superseded, own_end),
                     .leaves = {}};
        if (record.ends) key.leaves = std::max(*record.ends, *key.stops + facts.after());
        if (key.starts <= now) {
            key.state = key.leaves && *key.leaves <= now ? State::removed : State::retired;
            // Without an end in its record nothing has retired it: it signs again if its successor is over.
            key.may_sign = !record.ends || *key.stops > now;
            const auto before = [&](std::size_t other) {
                return std::pair(out.keys[other].starts, other) < std::pair(key.starts, i);
            };
            if (key.may_sign && (!out.signs || before(*out.signs))) out.signs = i;
        }
        out.keys.push_back(key);
    }
    if (out.signs) out.keys[*out.signs].state = State::active;
    return out;
}

std::optional<Time> begins_at(const std::vector<KeyRecord>& records, const Facts& facts, Time now) {
    const Situation situation = situation_at(records, facts, now);
    if (situation.count(State::prepared) > 0) return std::nullopt;
    if (!situation.signs) return now;
    if (situation.count(State::retired) + situation.count(State::removed) > 0) return std::nullopt;
    const KeyState& active = situation.keys[*situation.signs];
    // A rotation that has just been completed is not begun again by running the same command once more.
    const bool rotated = records[*situation.signs].starts.has_value();
    Time at = active.starts + facts.every.value_or(facts.shortest());
    if (facts.every || !rotated) at -= facts.ahead();
    if (active.stops) at = std::min(at, *active.stops - facts.ahead());
    return at;
}

Time start_of_new_key(const std::vector<KeyRecord>& records, const Facts& facts, Time now) {
    return situation_at(records, facts, now).signs ? now + facts.ahead() : now;
}

} // namespace jwtdomain::rotation
