// The state machine by itself: the tables, and every state that can be reached in a bounded world.
#include <doctest/doctest.h>

#include <deque>
#include <set>
#include <tuple>

#include "jwtdomain/refresh/machine.h"

using namespace jwtdomain;
using namespace jwtdomain::refresh;
using Mode = policy::RefreshRules::Mode;

namespace {

constexpr Time kBegin = 1'700'000'000;

policy::RefreshRules rules_of(Mode mode) { return {.mode = mode, .idle = 3600, .absolute = 7200, .grace = 30}; }

Standing used_at(Time rotated, std::int64_t generation) {
    Standing out{.generation = generation, .begun = kBegin, .ends = kBegin + 7200, .used = rotated, .rotated = rotated};
    out.rotated_before = kBegin;
    return out;
}

struct Row {
    Presented presented;
    std::int64_t generation;
    Seconds later; // after the head was issued
    int retries;
    Act act;
    Cause cause;
};

// The ledger's part, as little of it as the decisions depend on.
Standing after(Standing family, Act act, Cause cause, Time now) {
    switch (act) {
    case Act::rotate:
        ++family.generation;
        family.rotated_before = family.rotated;
        family.rotated = family.used = now;
        family.retries = 0;
        break;
    case Act::renew: family.used = now; break;
    case Act::repeat: ++family.retries; break;
    case Act::end:
    case Act::revoke: family.ended = cause; break;
    case Act::refuse: break;
    }
    return family;
}

Presented presented(const Standing& family, std::int64_t generation) {
    if (generation == family.generation) return Presented::head;
    if (generation > family.generation) return Presented::newer;
    return generation == family.generation - 1 ? Presented::predecessor : Presented::older;
}

auto key_of(const Standing& s, Time now) {
    return std::tuple(s.generation, s.used, s.rotated, s.rotated_before, s.retries,
                      s.ended ? static_cast<int>(*s.ended) : -1, now);
}

} // namespace

TEST_CASE("refresh/machine: rotation by the table") {
    const Standing family = used_at(kBegin + 100, 5);
    for (const Row& row : {
             Row{Presented::head, 5, 10, 0, Act::rotate, Cause::none},
             Row{Presented::head, 5, 3599, 3, Act::rotate, Cause::none},
             Row{Presented::head, 5, 3600, 0, Act::end, Cause::idle},
             Row{Presented::head, 5, 7100, 0, Act::end, Cause::expired},
             Row{Presented::predecessor, 4, 0, 0, Act::repeat, Cause::none},
             Row{Presented::predecessor, 4, 30, 2, Act::repeat, Cause::none},
             Row{Presented::predecessor, 4, 30, 3, Act::revoke, Cause::reused},
             Row{Presented::predecessor, 4, 31, 0, Act::revoke, Cause::reused},
             Row{Presented::older, 2, 1, 0, Act::revoke, Cause::reused},
             Row{Presented::newer, 6, 1, 0, Act::refuse, Cause::newer_than_store},
             Row{Presented::unknown, 5, 1, 0, Act::refuse, Cause::unknown},
             Row{Presented::unknown, 5, 9000, 0, Act::refuse, Cause::unknown},
         }) {
        CAPTURE(static_cast<int>(row.presented));
        CAPTURE(row.later);
        CAPTURE(row.retries);
        Standing now = family;
        now.retries = row.retries;
        const Decision decision =
            decide(now, row.presented, row.generation, Proof::none, rules_of(Mode::rotate), kBegin + 100 + row.later);
        CHECK(decision.act == row.act);
        CHECK(decision.cause == row.cause);
    }
}

TEST_CASE("refresh/machine: a late retry of a token whose successor was used at once ends nothing") {
    Standing family = used_at(kBegin + 110, 5);
    family.rotated_before = kBegin + 100; // when the generation before the last came to be
    const auto rules = rules_of(Mode::rotate);
    const auto third = [&](Time now) { return decide(family, Presented::older, 3, Proof::none, rules, now); };
    CHECK(third(kBegin + 130).act == Act::refuse);
    CHECK(third(kBegin + 130).cause == Cause::superseded);
    CHECK(third(kBegin + 131).act == Act::revoke);
}

TEST_CASE("refresh/machine: a grace of more than a minute counts as a minute") {
    auto rules = rules_of(Mode::rotate);
    rules.grace = 600;
    const Standing family = used_at(kBegin, 1);
    CHECK(decide(family, Presented::predecessor, 0, Proof::none, rules, kBegin + 60).act == Act::repeat);
    CHECK(decide(family, Presented::predecessor, 0, Proof::none, rules, kBegin + 61).act == Act::revoke);
}

TEST_CASE("refresh/machine: bound families move only with a proof of their key") {
    Standing family = used_at(kBegin, 1);
    family.bound = true;
    struct Expected {
        Proof proof;
        Cause cause;
    };
    for (const Mode mode : {Mode::bind, Mode::bind_retry, Mode::rotate}) {
        const auto rules = rules_of(mode);
        const auto head = [&](Proof proof) { return decide(family, Presented::head, 1, proof, rules, kBegin + 1); };
        for (const Expected& each : {Expected{Proof::none, Cause::no_proof}, Expected{Proof::bad, Cause::bad_proof},
                                     Expected{Proof::other_key, Cause::other_key}}) {
            CHECK(head(each.proof).act == Act::refuse);
            CHECK(head(each.proof).cause == each.cause);
        }
        CHECK(head(Proof::good).act == (mode == Mode::bind ? Act::renew : Act::rotate));
        const auto before = [&](Proof proof) {
            return decide(family, Presented::predecessor, 0, proof, rules, kBegin + 1);
        };
        CHECK(before(Proof::none).act == Act::refuse);
        CHECK(before(Proof::other_key).act == Act::revoke);
        CHECK(before(Proof::good).act == (mode == Mode::bind ? Act::revoke : Act::repeat));
    }
    family.bound = false;
    CHECK(decide(family, Presented::head, 1, Proof::none, rules_of(Mode::bind), kBegin + 1).cause == Cause::unbound);
    CHECK(decide(family, Presented::head, 1, Proof::none, rules_of(Mode::off), kBegin + 1).cause == Cause::off);
}

TEST_CASE("refresh/machine: the policy shortens what was promised, and does not lengthen it") {
    const Standing family = used_at(kBegin, 1);
    auto rules = rules_of(Mode::rotate);
    rules.absolute = 1000;
    CHECK(decide(family, Presented::head, 1, Proof::none, rules, kBegin + 999).act == Act::rotate);
    CHECK(decide(family, Presented::head, 1, Proof::none, rules, kBegin + 1000).cause == Cause::expired);
    rules.absolute = rules.idle = 100'000;
    CHECK(decide(family, Presented::head, 1, Proof::none, rules, kBegin + 7200).cause == Cause::expired);
}

TEST_CASE("refresh/machine: in every state that can be reached, one token mints at most, and what has ended stays so") {
    for (const Mode mode : {Mode::rotate, Mode::bind, Mode::bind_retry}) {
        policy::RefreshRules rules{.mode = mode, .idle = 6, .absolute = 10, .grace = 2};
        Standing first{.begun = kBegin, .ends = kBegin + 10, .used = kBegin};
        first.bound = mode != Mode::rotate;
        std::set<decltype(key_of(first, 0))> seen;
        std::deque<std::pair<Standing, Time>> open{{first, kBegin}};
        std::size_t states = 0, wrong = 0;
        const auto expect = [&](bool good) { wrong += good ? 0 : 1; };
        while (!open.empty()) {
            const auto [family, now] = open.front();
            open.pop_front();
            if (!seen.insert(key_of(family, now)).second) continue;
            ++states;
            int mint = 0;
            for (std::int64_t generation = 0; generation <= family.generation + 1; ++generation) {
                for (const Proof proof : {Proof::none, Proof::bad, Proof::other_key, Proof::good}) {
                    const Presented what = presented(family, generation);
                    const Decision decision = decide(family, what, generation, proof, rules, now);
                    const bool mints = decision.act == Act::rotate || decision.act == Act::renew;
                    if (proof == Proof::good && mints) ++mint;
                    expect(!mints || what == Presented::head);               // I1
                    expect(!mints || !family.bound || proof == Proof::good); //
                    expect(!family.ended || decision.act == Act::refuse);    // I3
                    expect(decision.act != Act::repeat ||                    // I6
                           (what == Presented::predecessor && now <= family.rotated + 2 && family.retries < 3));
                    expect(!(mints || decision.act == Act::repeat) || now < family.ends); // I7
                    expect(decision.act != Act::revoke || what == Presented::predecessor || what == Presented::older);
                    const Decision stranger = decide(family, Presented::unknown, generation, proof, rules, now);
                    expect(stranger.act == Act::refuse); // I10
                    const Standing next = after(family, decision.act, decision.cause, now);
                    expect(next.ends == family.ends && next.begun == family.begun &&
                           next.generation >= family.generation);
                    if (next.generation <= 4) open.emplace_back(next, now);
                }
            }
            expect(mint <= 1);
            if (now < kBegin + 12) open.emplace_back(family, now + 1);
            Standing revoked = family;
            if (!revoked.ended) revoked.ended = Cause::revoked;
            open.emplace_back(revoked, now);
        }
        CHECK(wrong == 0);
        CHECK(states > (mode == Mode::bind ? 100 : 400));
    }
}

TEST_CASE("refresh/machine: each cause has a code of its own, by which it is found") {
    std::set<std::string_view> codes;
    for (const CauseInfo& each : causes()) {
        CHECK(codes.insert(each.code).second);
        CHECK(find_cause(each.code) == each.cause);
        CHECK(&info(each.cause) == &each);
        CHECK(each.sentence.back() != '.');
    }
    CHECK_FALSE(find_cause("nothing"));
}
