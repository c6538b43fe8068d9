#include "jwtdomain/rotation/simulate.h"

#include <algorithm>
#include <limits>
#include <set>

namespace jwtdomain::rotation {
namespace {

constexpr Time kNever = std::numeric_limits<Time>::max(), kAlways = std::numeric_limits<Time>::min();

KeyLife& life_of(std::vector<KeyLife>& lives, const std::string& key) {
    const auto found = std::find_if(lives.begin(), lives.end(), [&](const KeyLife& life) { return life.key == key; });
    return found == lives.end() ? lives.emplace_back(KeyLife{.key = key}) : *found;
}

bool holds(const std::vector<KeyRecord>& records, const std::string& key) {
    return std::any_of(records.begin(), records.end(), [&](const KeyRecord& record) { return record.name == key; });
}

void note(const std::vector<KeyRecord>& records, const Facts& facts, Time at, std::vector<KeyLife>& lives) {
    const Situation now = situation_at(records, facts, at);
    for (std::size_t i = 0; i < records.size(); ++i) {
        KeyLife& life = life_of(lives, records[i].name);
        const KeyState& state = now.keys[i];
        if (state.leaves) life.due = state.leaves;
        if (state.stops && *state.stops <= state.starts) continue;
        if (state.starts > at && now.signs != i) continue; // may change until then
        life.signs_from = state.starts;
        if (state.stops && *state.stops <= at) life.signs_until = *state.stops;
    }
}

// Of each second from..until that is not in exactly one interval of signing.
void check_signing(const std::vector<KeyLife>& lives, Time from, Time until, std::vector<Breach>& out) {
    std::set<Time> edges{from};
    for (const KeyLife& life : lives) {
        for (const auto& edge : {life.signs_from, life.signs_until}) {
            if (edge && *edge > from && *edge < until) edges.insert(*edge);
        }
    }
    edges.insert(until);
    for (auto edge = edges.begin(); std::next(edge) != edges.end(); ++edge) {
        const auto count = std::count_if(lives.begin(), lives.end(), [&](const KeyLife& life) {
            return life.signs_from && *life.signs_from <= *edge && life.signs_until.value_or(kNever) > *edge;
        });
        if (count == 1) continue;
        out.push_back({.kind = count == 0 ? Breach::Kind::nothing_signs : Breach::Kind::several_sign,
                       .key = {},
                       .from = *edge,
                       .until = *std::next(edge)});
    }
}

// A token that is looked at in from..until may meet any set that was fetched up to a cache's life before. `skew`: the
// signer's clock may be ahead, and verifiers take a token for so much longer.
void check_published(const KeyLife& life, const Facts& facts, Time from, Time until, std::vector<Breach>& out) {
    if (!life.signs_from) return;
    const Time first_token = std::max(*life.signs_from - facts.skew, from);
    const Time needed_from = first_token - facts.cache;
    const Time needed_until = life.signs_until ? std::min(*life.signs_until + facts.after(), until) : until;
    if (needed_until <= first_token) return; // all of its tokens are over
    const Time there_from = life.published_from.value_or(kAlways), there_until = life.published_until.value_or(kNever);
    const auto add = [&](Time begin, Time end) {
        if (begin < end)
            out.push_back({.kind = Breach::Kind::not_published, .key = life.key, .from = begin, .until = end});
    };
    add(needed_from, std::min(there_from, needed_until));
    add(std::max(there_until, needed_from), needed_until);
}

} // namespace

std::string_view name_of(Breach::Kind kind) {
    switch (kind) {
    case Breach::Kind::nothing_signs: return "nothing-signs";
    case Breach::Kind::several_sign: return "several-sign";
    case Breach::Kind::not_published: return "not-published";
    case Breach::Kind::kept_too_long: return "kept-too-long";
    }
    return "";
}

std::vector<Breach> breaches_of(const std::vector<KeyLife>& lives, const Facts& facts, Time from, Time until) {
    std::vector<Breach> out;
    check_signing(lives, from, until, out);
    for (const KeyLife& life : lives) {
        check_published(life, facts, from, until, out);
        const Time end = life.published_until.value_or(until);
        if (life.due && std::max(*life.due, from) < end)
            out.push_back({.kind = Breach::Kind::kept_too_long, .key = life.key, .from = *life.due, .until = end});
    }
    return out;
}

Simulation simulate(const std::vector<KeyRecord>& records, const std::vector<std::optional<Time>>& published,
                    const Facts& facts, Time now) {
    Simulation out{.from = now, .until = now, .keys = {}, .breaches = {}};
    for (std::size_t i = 0; i < records.size(); ++i)
        life_of(out.keys, records[i].name).published_from = i < published.size() ? published[i] : std::nullopt;
    for (const Moment& moment : moments(records, facts, now)) {
        note(moment.before, facts, moment.at, out.keys);
        for (const KeyRecord& record : moment.before) {
            if (!holds(moment.after, record.name)) life_of(out.keys, record.name).published_until = moment.at;
        }
        for (const KeyRecord& record : moment.after) {
            if (!holds(moment.before, record.name)) life_of(out.keys, record.name).published_from = moment.at;
        }
        note(moment.after, facts, moment.at, out.keys);
        out.until = moment.at;
    }
    out.until += facts.ahead() + facts.after(); // by then every cache and every token of the time before is gone
    for (KeyLife& life : out.keys) {
        if (life.published_until) life.last_accepted = *life.published_until + facts.cache;
    }
    // What the very first key of a domain has signed, no verifier can have refused for want of it.
    if (records.empty() && out.keys.size() == 1) out.keys.front().published_from.reset();
    out.breaches = breaches_of(out.keys, facts, out.from, out.until);
    return out;
}

} // namespace jwtdomain::rotation
