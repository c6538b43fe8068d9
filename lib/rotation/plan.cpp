#include "jwtdomain/rotation/plan.h"

#include <algorithm>

namespace jwtdomain::rotation {
namespace {

constexpr Seconds kFar = Seconds{1} << 40;
constexpr int kMostMoments = 64; // a rotation has five

// Ends that are missing, or have become too early since the life of tokens grew.
void add_ends(const std::vector<KeyRecord>& records, const Situation& situation, const Facts& facts, Time now,
              std::vector<Action>& out) {
    for (std::size_t i = 0; i < records.size(); ++i) {
        const KeyState& key = situation.keys[i];
        const KeyRecord& record = records[i];
        if (key.state == State::removed || key.state == State::prepared || !key.stops) continue;
        if (key.state == State::active && *key.stops <= now) continue; // what had followed it is over
        const bool migrated = key.state == State::retired && !record.ends;
        const Time least = (migrated ? now : *key.stops) + facts.after();
        const bool by_successor = !record.ends || *key.stops < *record.ends; // else somebody else has set its end
        if (!record.ends || (by_successor && *record.ends < least))
            out.push_back({.kind = Action::Kind::end, .key = i, .time = least, .migrated = migrated});
    }
}

// After the other actions of the run; these do not stand in its way.
void add_prepare(const std::vector<KeyRecord>& records, const Facts& facts, Time now, bool early,
                 std::vector<Action>& out) {
    std::vector<KeyRecord> model;
    std::vector<std::size_t> numbers; // in `records`
    for (std::size_t i = 0; i < records.size(); ++i) {
        KeyRecord record = records[i];
        bool gone = false;
        for (const Action& action : out) {
            if (action.key != i) continue;
            gone = gone || action.kind == Action::Kind::remove;
            if (action.kind == Action::Kind::end) record.ends = action.time;
        }
        if (gone) continue;
        model.push_back(std::move(record));
        numbers.push_back(i);
    }
    const auto begins = begins_at(model, facts, now);
    if (!begins || (*begins > now && !early)) return;
    const Time start = start_of_new_key(model, facts, now);
    out.push_back({.kind = Action::Kind::prepare, .key = records.size(), .time = start});
    const Situation situation = situation_at(model, facts, now);
    if (!situation.signs) return;
    const auto& ends = model[*situation.signs].ends;
    const Time end = start + facts.after();
    if (ends && (*ends <= start || *ends == end)) return; // before, by itself; or so already
    out.push_back({.kind = Action::Kind::end, .key = numbers[*situation.signs], .time = end});
}

std::vector<Action> actions_at(const std::vector<KeyRecord>& records, const Facts& facts, Time now, bool early) {
    const Situation situation = situation_at(records, facts, now);
    std::vector<Action> out;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (situation.keys[i].state == State::removed)
            out.push_back({.kind = Action::Kind::remove, .key = i, .time = now});
    }
    add_ends(records, situation, facts, now, out);
    add_prepare(records, facts, now, early, out);
    return out;
}

// The first time after `now` at which a state changes by itself or a run is due.
std::optional<Time> next_change(const std::vector<KeyRecord>& records, const Facts& facts, Time now) {
    std::optional<Time> out;
    const auto take = [&](std::optional<Time> at) {
        if (at && *at > now && (!out || *at < *out)) out = at;
    };
    for (const KeyState& key : situation_at(records, facts, now).keys) {
        take(key.starts);
        take(key.stops);
        take(key.leaves);
    }
    take(begins_at(records, facts, now));
    return out;
}

// `made`: how many records there were before any was made here.
std::string shown_name(const std::vector<KeyRecord>& records, std::size_t key) {
    return key < records.size() ? records[key].name : std::string();
}

void add_changes(const std::vector<KeyRecord>& records, const Facts& facts, Time before, Time at,
                 std::vector<Event>& out) {
    const Situation then = situation_at(records, facts, before), now = situation_at(records, facts, at);
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (then.signs != i && now.signs == i)
            out.push_back({.kind = Event::Kind::activate, .at = at, .key = records[i].name});
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (then.signs == i && now.signs != i)
            out.push_back({.kind = Event::Kind::retire, .at = at, .key = records[i].name});
    }
}

void add_run(const std::vector<KeyRecord>& records, const std::vector<Action>& actions, Time now,
             std::vector<Event>& out) {
    for (const Action& action : actions) {
        switch (action.kind) {
        case Action::Kind::prepare:
            out.push_back({.kind = Event::Kind::prepare, .at = now, .key = {}, .run = true});
            if (action.time <= now) out.push_back({.kind = Event::Kind::activate, .at = now, .key = {}});
            break;
        case Action::Kind::remove:
            out.push_back(
                {.kind = Event::Kind::remove, .at = now, .key = shown_name(records, action.key), .run = true});
            break;
        case Action::Kind::end: break; // a note in the record: nothing changes yet
        }
    }
}

} // namespace

std::string_view name_of(Event::Kind kind) {
    switch (kind) {
    case Event::Kind::prepare: return "prepare";
    case Event::Kind::activate: return "activate";
    case Event::Kind::retire: return "retire";
    case Event::Kind::remove: return "remove";
    }
    return "";
}

std::vector<Action> due_at(const std::vector<KeyRecord>& records, const Facts& facts, Time now) {
    return actions_at(records, facts, now, false);
}

std::vector<Action> begin_now(const std::vector<KeyRecord>& records, const Facts& facts, Time now) {
    return actions_at(records, facts, now, true);
}

void apply(std::vector<KeyRecord>& records, const std::vector<Action>& actions, Time now) {
    std::vector<std::size_t> gone;
    for (const Action& action : actions) {
        switch (action.kind) {
        case Action::Kind::prepare: records.push_back({.name = {}, .made = now, .starts = action.time}); break;
        case Action::Kind::end: records[action.key].ends = action.time; break;
        case Action::Kind::remove: gone.push_back(action.key); break;
        }
    }
    std::sort(gone.rbegin(), gone.rend());
    for (const std::size_t key : gone) records.erase(records.begin() + static_cast<std::ptrdiff_t>(key));
}

std::vector<Action> emergency_at(const std::vector<KeyRecord>& records, Time now) {
    std::vector<Action> out{{.kind = Action::Kind::prepare, .key = records.size(), .time = now}};
    for (std::size_t i = 0; i < records.size(); ++i)
        out.push_back({.kind = Action::Kind::remove, .key = i, .time = now});
    return out;
}

std::vector<Moment> moments(const std::vector<KeyRecord>& records, const Facts& facts, Time now) {
    std::vector<Moment> out;
    std::vector<KeyRecord> model = records;
    Time at = now;
    Facts once = facts; // one rotation: the next is not begun
    bool begun = situation_at(model, facts, now).count(State::active) < model.size();
    for (int step = 0; step < kMostMoments; ++step) {
        if (begun) once.every = kFar;
        Moment moment{.at = at, .before = model, .actions = due_at(model, once, at), .after = {}};
        apply(model, moment.actions, at);
        moment.after = model;
        begun = begun || !moment.actions.empty();
        out.push_back(std::move(moment));
        if (begun && model.size() == 1 && situation_at(model, facts, at).signs) break;
        const auto next = next_change(model, once, at);
        if (!next) break;
        at = *next;
    }
    return out;
}

std::vector<Event> timeline(const std::vector<KeyRecord>& records, const Facts& facts, Time now) {
    std::vector<Event> out;
    std::optional<Time> last;
    for (const Moment& moment : moments(records, facts, now)) {
        if (last) add_changes(moment.before, facts, *last, moment.at, out);
        add_run(moment.before, moment.actions, moment.at, out);
        last = moment.at;
    }
    return out;
}

} // namespace jwtdomain::rotation
