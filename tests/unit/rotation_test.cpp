#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "jwtdomain/rotation/simulate.h"

using namespace jwtdomain;
using namespace jwtdomain::rotation;

namespace {

constexpr Facts kFacts{.cache = 7200, .token_life = 600, .skew = 30, .every = {}};
constexpr Time kBegin = 1'000'000, kStart = kBegin + 7230, kEnd = kStart + 630;

// One key of old, and its successor as a run at kBegin makes it.
std::vector<KeyRecord> rotating() {
    return {{.name = "old", .made = 5, .starts = {}, .ends = kEnd},
            {.name = "new", .made = kBegin, .starts = kStart, .ends = {}}};
}

std::string states(const std::vector<KeyRecord>& records, Time now, const Facts& facts = kFacts) {
    std::string out;
    for (const KeyState& key : situation_at(records, facts, now).keys)
        out += (out.empty() ? "" : " ") + std::string(name_of(key.state));
    return out;
}

std::string told(const std::vector<Action>& actions) {
    std::string out;
    for (const Action& action : actions) {
        const char* const kind = action.kind == Action::Kind::prepare  ? "prepare "
                                 : action.kind == Action::Kind::remove ? "remove "
                                 : action.migrated                     ? "migrate "
                                                                       : "end ";
        out += (out.empty() ? "" : ", ") + (kind + std::to_string(action.key)) +
               (action.kind == Action::Kind::remove ? "" : " " + std::to_string(action.time));
    }
    return out;
}

} // namespace

TEST_CASE("rotation/state: by the second") {
    struct Row {
        Time now;
        const char* states;
        std::optional<std::size_t> signs;
    };
    for (const Row& row :
         {Row{kBegin, "active prepared", 0}, Row{kStart - 1, "active prepared", 0}, Row{kStart, "retired active", 1},
          Row{kStart + 1, "retired active", 1}, Row{kEnd - 1, "retired active", 1}, Row{kEnd, "removed active", 1},
          Row{kEnd + 1'000'000, "removed active", 1}, Row{4, "prepared prepared", {}}, Row{5, "active prepared", 0}}) {
        CAPTURE(row.now);
        CHECK(states(rotating(), row.now) == row.states);
        CHECK(situation_at(rotating(), kFacts, row.now).signs == row.signs);
    }
}

TEST_CASE("rotation/state: keys of before there was rotation sign as they did, and nothing removes them unasked") {
    const std::vector<KeyRecord> bare{{.name = "a"}}, two{{.name = "a", .made = 10}, {.name = "b", .made = 20}};
    CHECK(states(bare, 0) == "active");
    CHECK(states(two, 19) == "active prepared");
    CHECK(states(two, 20) == "retired active");
    CHECK(states(two, 1'000'000'000) == "retired active");
    CHECK(situation_at(two, kFacts, 30).keys[0].may_sign); // with `issue --kid`: no record has retired it
    CHECK(states({{.name = "a"}, {.name = "b"}}, 0) == "retired active"); // the last was added last
    // A successor that is over gives the place back, unless the record says that the key has retired.
    CHECK(states({{.name = "a", .made = 10}, {.name = "b", .made = 20, .ends = 40}}, 50) == "active removed");
    CHECK(states({{.name = "a", .made = 10, .ends = 5000}, {.name = "b", .made = 20, .ends = 40}}, 50) ==
          "retired removed");
    // An end by hand is kept to: no token outlives it.
    CHECK(states({{.name = "a", .made = 10, .ends = 730}}, 99) == "active");
    CHECK(states({{.name = "a", .made = 10, .ends = 730}}, 100) == "retired");
    CHECK(states({{.name = "a", .made = 10, .ends = 730}}, 729) == "retired");
    CHECK(states({{.name = "a", .made = 10, .ends = 730}}, 730) == "removed");
}

TEST_CASE("rotation/due: what a run has to do, by the second") {
    CHECK(told(due_at({}, kFacts, 50)) == "prepare 0 50");
    const std::vector<KeyRecord> one{{.name = "a", .made = kBegin}};
    CHECK(told(due_at(one, kFacts, kBegin + kFacts.shortest() - kFacts.ahead() - 1)).empty());
    CHECK(told(due_at(one, kFacts, kBegin + kFacts.shortest() - kFacts.ahead())) ==
          "prepare 1 " + std::to_string(kBegin + kFacts.shortest()) + ", end 0 " +
              std::to_string(kBegin + kFacts.shortest() + 630));
    Facts monthly = kFacts;
    monthly.every = 30 * 86400;
    CHECK(due_at(one, monthly, kBegin + *monthly.every - 7231).empty());
    CHECK(due_at(one, monthly, kBegin + *monthly.every - 7230).size() == 2);
    CHECK(told(begin_now(one, monthly, kBegin + 5)) ==
          "prepare 1 " + std::to_string(kBegin + 7235) + ", end 0 " + std::to_string(kBegin + 7865));
    CHECK(begin_now(rotating(), kFacts, kBegin + 1).empty()); // one at a time
    for (const Time now : {kBegin, kStart - 1, kStart, kEnd - 1}) CHECK(due_at(rotating(), kFacts, now).empty());
    CHECK(told(due_at(rotating(), kFacts, kEnd)) == "remove 0");

    // Two keys of before: the older one is given an end, from now on, whenever it retired.
    const std::vector<KeyRecord> two{{.name = "a", .made = 10}, {.name = "b", .made = 20}};
    CHECK(told(due_at(two, kFacts, 5000)) == "migrate 0 5630");
    // A prepared key that keygen has made: the end of the one that it follows is written.
    std::vector<KeyRecord> made = rotating();
    made[0].ends.reset();
    CHECK(told(due_at(made, kFacts, kBegin + 9)) == "end 0 " + std::to_string(kEnd));
    // The life of tokens grew meanwhile.
    Facts longer = kFacts;
    longer.token_life = 3600;
    CHECK(told(due_at(rotating(), longer, kStart + 5)) == "end 0 " + std::to_string(kStart + 3630));
    CHECK(told(due_at(rotating(), longer, kEnd + 5)) == "end 0 " + std::to_string(kStart + 3630));
    Facts shorter = kFacts;
    shorter.token_life = 60;
    CHECK(due_at(rotating(), shorter, kEnd - 1).empty()); // tokens of the longer life are still about
    // An end by hand has a successor in time.
    const std::vector<KeyRecord> ending{{.name = "a", .made = kBegin, .starts = {}, .ends = kBegin + 100'000}};
    CHECK(due_at(ending, monthly, kBegin + 92'139).empty());
    CHECK(told(due_at(ending, monthly, kBegin + 92'140)) == "prepare 1 " + std::to_string(kBegin + 99'370));
    CHECK(told(due_at(ending, monthly, kBegin + 99'999)) == "prepare 1 " + std::to_string(kBegin + 99'999));
    // The clock was turned back: what is published waits, and nothing more is made.
    CHECK(due_at(rotating(), kFacts, 0).empty());
    CHECK(told(emergency_at(rotating(), 77)) == "prepare 2 77, remove 0, remove 1");
}

TEST_CASE("rotation/timeline: two runs make a rotation") {
    std::string out;
    for (const Event& event : timeline({{.name = "a", .made = kBegin - 100'000}}, kFacts, kBegin))
        out += std::string(name_of(event.kind)) + " " + (event.key.empty() ? "-" : event.key) + " " +
               std::to_string(event.at - kBegin) + (event.run ? " run\n" : "\n");
    CHECK(out == "prepare - 0 run\nactivate - 7230\nretire a 7230\nremove a 7860 run\n");
    CHECK(timeline({}, kFacts, 5).size() == 2);
}

namespace {

struct Dice {
    std::mt19937_64 engine;
    Time upto(Time most) { return std::uniform_int_distribution<Time>(0, most)(engine); }
    bool one_in(int n) { return upto(n - 1) == 0; }
};

Facts small_facts(Dice& dice) {
    Facts out{.cache = dice.upto(12), .token_life = 1 + dice.upto(6), .skew = dice.upto(2), .every = {}};
    if (dice.one_in(2)) out.every = out.shortest() + dice.upto(30);
    return out;
}

// Second by second, and with no interval in it: every token at every verifier.
bool all_good(const std::vector<std::set<std::string>>& published, const std::vector<std::string>& signs,
              const Facts& facts, Time from) {
    const Time length = static_cast<Time>(signs.size());
    for (Time minted = from - facts.after(); minted < length; ++minted) {
        const std::string& key = signs[static_cast<std::size_t>(minted)];
        if (key.empty()) return false;
        const Time last = std::min(length - 1, minted + facts.after()); // minted at the end of its second
        for (Time seen = std::max(from, minted - facts.skew); seen <= last; ++seen) {
            for (Time age = 0; age <= facts.cache; ++age) {
                const auto copy = static_cast<std::size_t>(std::max<Time>(0, seen - age));
                if (published[copy].count(key) == 0) return false;
            }
        }
    }
    return true;
}

} // namespace

TEST_CASE("rotation/property: whenever and however often it is run, one key signs, no token fails, nothing piles up") {
    for (unsigned seed = 0; seed < 400; ++seed) {
        CAPTURE(seed);
        Dice dice{std::mt19937_64(seed)};
        Facts facts = small_facts(dice);
        std::vector<KeyRecord> records;
        std::vector<std::set<std::string>> published;
        std::vector<std::string> signs;
        int made = 0;
        const int rarity = 1 + static_cast<int>(dice.upto(20));
        for (Time now = 0; now < 240; ++now) {
            if (now == 0 || dice.one_in(rarity)) {
                auto actions = dice.one_in(3) ? begin_now(records, facts, now) : due_at(records, facts, now);
                apply(records, actions, now);
                for (KeyRecord& record : records) {
                    if (record.name.empty()) record.name = "k" + std::to_string(made++);
                }
                CHECK(due_at(records, facts, now).empty()); // the same second again: nothing
            }
            const Situation situation = situation_at(records, facts, now);
            REQUIRE(situation.signs.has_value());
            CHECK(situation.count(State::active) == 1);
            CHECK(situation.count(State::prepared) <= 1);
            CHECK(records.size() <= 2);
            std::set<std::string> names;
            for (const KeyRecord& record : records) names.insert(record.name);
            published.push_back(std::move(names));
            signs.push_back(records[*situation.signs].name);
        }
        CHECK(all_good(published, signs, facts, facts.after()));
        // Each key signs for its time, and never again.
        std::set<std::string> over;
        for (std::size_t i = 1; i < signs.size(); ++i) {
            if (signs[i] != signs[i - 1]) CHECK(over.insert(signs[i - 1]).second);
            CHECK(over.count(signs[i]) == 0);
        }
    }
}

TEST_CASE("rotation/property: any records at any time: at most one is active, and a run leaves nothing for a second") {
    for (unsigned seed = 0; seed < 3000; ++seed) {
        CAPTURE(seed);
        Dice dice{std::mt19937_64(seed)};
        const Facts facts = small_facts(dice);
        // In any order, made by rotation or before; a key ends after the next one begins, and the last later.
        std::vector<Time> starts;
        for (Time i = dice.upto(4); i > 0; --i) starts.push_back(dice.upto(100));
        std::sort(starts.begin(), starts.end());
        std::vector<KeyRecord> records;
        for (std::size_t i = 0; i < starts.size(); ++i) {
            KeyRecord record{.name = "k" + std::to_string(i)};
            (dice.one_in(2) ? record.made : record.starts) = starts[i];
            const Time least = i + 1 < starts.size() ? starts[i + 1] : 121;
            if (dice.one_in(2)) record.ends = least + dice.upto(50);
            records.push_back(record);
        }
        const bool distinct = std::adjacent_find(starts.begin(), starts.end()) == starts.end();
        if (distinct) std::shuffle(records.begin(), records.end(), dice.engine);
        const Time now = dice.upto(120);
        const Situation before = situation_at(records, facts, now);
        CHECK(before.count(State::active) == (before.signs ? 1 : 0));
        std::vector<KeyRecord> after = records;
        apply(after, due_at(records, facts, now), now);
        CAPTURE(told(due_at(after, facts, now)));
        CHECK(due_at(after, facts, now).empty());
        const Situation then = situation_at(after, facts, now);
        if (before.signs && facts.ahead() > 0) { // a run never takes the signer's place away
            REQUIRE(then.signs.has_value());
            CHECK(after[*then.signs].name == records[*before.signs].name);
        }
        CHECK(then.count(State::removed) == 0);
        CHECK(moments(records, facts, now).size() < 64);
    }
}

TEST_CASE("rotation/simulate: a rotation as planned holds; each way to spoil it is found") {
    const std::vector<KeyRecord> one{{.name = "a", .made = kBegin - 100'000}};
    CHECK(simulate(one, {std::nullopt}, kFacts, kBegin).good());
    CHECK(simulate({}, {}, kFacts, kBegin).good());
    for (const Time now : {kBegin, kStart - 1, kStart, kEnd - 1, kEnd}) {
        CAPTURE(now);
        const Simulation result = simulate(rotating(), {std::nullopt, kBegin}, kFacts, now);
        CHECK(result.good());
        CHECK(result.keys[0].last_accepted == kEnd + 7200);
    }
    const auto kinds = [](const std::vector<KeyRecord>& records, Time published, Time now) {
        std::string out;
        for (const Breach& breach : simulate(records, {std::nullopt, published}, kFacts, now).breaches)
            out += (out.empty() ? "" : " ") + std::string(name_of(breach.kind)) +
                   (breach.key.empty() ? "" : ":" + breach.key);
        return out;
    };
    std::vector<KeyRecord> early = rotating(); // signs a second before all copies have it
    early[1].starts = kStart - 1;
    CHECK(kinds(early, kBegin, kBegin) == "not-published:new");
    CHECK(kinds(rotating(), kBegin + 1, kBegin + 1) == "not-published:new");
    const KeyLife late{.key = "old", .published_until = kEnd + 5, .due = kEnd};
    CHECK(breaches_of({late}, kFacts, kEnd, kEnd + 9).back().kind == Breach::Kind::kept_too_long);
    std::vector<KeyRecord> gap = rotating(); // it ends by hand before the other begins
    gap[0].ends = kStart - 10;
    CHECK(kinds(gap, kBegin, kBegin) == "nothing-signs");
}

TEST_CASE("rotation/simulate: whole intervals say what every second says") {
    int bad = 0;
    for (unsigned seed = 0; seed < 600; ++seed) {
        CAPTURE(seed);
        Dice dice{std::mt19937_64(seed)};
        const Facts facts = small_facts(dice);
        const Time length = 60, from = 20, change = from + dice.upto(30);
        KeyLife old{.key = "a"}, next{.key = "b"};
        old.signs_from = 0;
        old.signs_until = next.signs_from = change;
        if (dice.one_in(6)) next.signs_from = change + dice.upto(2);
        old.published_until = change + facts.after() + (dice.one_in(2) ? dice.upto(3) - 1 : 0);
        next.published_from = change - facts.ahead() + (dice.one_in(2) ? dice.upto(3) - 1 : 0);
        std::vector<std::set<std::string>> published;
        std::vector<std::string> signs;
        for (Time now = 0; now < length; ++now) {
            std::set<std::string> names;
            if (now < *old.published_until) names.insert("a");
            if (now >= *next.published_from) names.insert("b");
            published.push_back(std::move(names));
            signs.push_back(now < change ? "a" : now >= *next.signs_from ? "b" : "");
        }
        const bool good = breaches_of({old, next}, facts, from, length).empty();
        CHECK(good == all_good(published, signs, facts, from));
        bad += !good;
    }
    CHECK(bad > 100);
    CHECK(bad < 500);
}
