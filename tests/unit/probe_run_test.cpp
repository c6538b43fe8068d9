// How a target is asked, and what its answers show.
#include <doctest/doctest.h>

#include "probe_world.h"

using namespace jwtdomain;
using namespace jwtdomain::test::probing;
using jwtdomain::test::kNow;

TEST_CASE("probe/run: a refusal counts beside good controls alone, and what is taken counts always") {
    const World world(KeyType::p256, Algorithm::ES256);
    const auto probe = [&](Fake& door, Fake* home = nullptr) {
        Plan plan;
        plan.door = &door;
        plan.control = [&] { return Mutants::of(world.control, strangers()); };
        plan.foreign = {{"staging", "own", [] { return Result<std::string>("foreign"); }, home}};
        plan.permitted = plan.declared = [](const std::string&) { return Permitted::no; };
        plan.clock = [] { return kNow; };
        return run(plan);
    };
    Fake good([&](const std::string& token) {
        return World::takes(world.path, token) ? Outcome::accepted : Outcome::refused;
    });
    const Findings held = probe(good);
    CHECK(held.controlled);
    CHECK(count(held, Conclusion::broken) == 0);
    CHECK(count(held, Conclusion::inconclusive) == 0);

    Fake closed([](const std::string&) { return Outcome::refused; });
    const Findings refused = probe(closed);
    CHECK(!refused.controlled);
    CHECK(count(refused, Conclusion::holds) == 0);

    Fake open([](const std::string&) { return Outcome::accepted; });
    const Findings all = probe(open);
    CHECK(!all.controlled);
    CHECK(count(all, Conclusion::broken) > 40);

    int waited = 0; // for each of these a time-out
    Fake down([&](const std::string&) {
        ++waited;
        return Outcome::failed;
    });
    CHECK(count(probe(down), Conclusion::holds) == 0);
    CHECK(waited == 3);

    int asked = 0; // every second time
    Fake flaps([&](const std::string& token) {
        const bool takes = World::takes(world.path, token);
        return takes || (token == "foreign" && ++asked % 2 == 1) ? Outcome::accepted : Outcome::refused;
    });
    const Findings flapped = probe(flaps);
    CHECK(flapped.sent.front().conclusion == Conclusion::inconclusive);

    int once = 1; // which may be chance
    Fake by_chance([&](const std::string& token) {
        return World::takes(world.path, token) || (token == "foreign" && once-- == 1) ? Outcome::accepted
                                                                                      : Outcome::refused;
    });
    CHECK(probe(by_chance).sent.front().conclusion == Conclusion::inconclusive);

    Fake elsewhere([](const std::string&) { return Outcome::refused; }); // the foreign token is no good one
    CHECK(probe(good, &elsewhere).sent.front().conclusion == Conclusion::inconclusive);

    int left = 30; // then it is locked out
    Fake locks([&](const std::string& token) {
        return --left > 0 && World::takes(world.path, token) ? Outcome::accepted : Outcome::refused;
    });
    const Findings locked = probe(locks);
    CHECK(!locked.controlled);
    CHECK(count(locked, Conclusion::holds) == 0);

    std::set<std::string> cache; // of both doors
    Fake home([&](const std::string& token) {
        cache.insert(token);
        return Outcome::accepted;
    });
    Fake cached([&](const std::string& token) {
        return cache.count(token) != 0 || World::takes(world.path, token) ? Outcome::accepted : Outcome::refused;
    });
    const Findings warmed = probe(cached, &home);
    CHECK(warmed.controlled);
    CHECK(warmed.sent.front().conclusion == Conclusion::broken);
}

TEST_CASE("probe/run: answers are held against the model, where there is one and the controls are good") {
    const World world(KeyType::p256, Algorithm::ES256);
    const auto count_of = [&](Outcome foreign, Modelled said, bool edge, bool (Sent::*test)() const) {
        Fake door([&](const std::string& token) {
            if (token == "foreign") return foreign;
            return World::takes(world.path, token) ? Outcome::accepted : Outcome::refused;
        });
        Plan plan;
        plan.door = &door;
        plan.control = [&] { return Mutants::of(world.control, strangers()); };
        plan.foreign = {{"staging", "own", [] { return Result<std::string>("foreign"); }, nullptr}};
        plan.permitted = [](const std::string&) { return Permitted::no; };
        plan.declared = [&](const std::string&) { return edge ? Permitted::yes : Permitted::no; };
        plan.modelled = [&](const std::string& token) { return token == "foreign" ? said : Modelled::unknown; };
        plan.clock = [] { return kNow; };
        const Findings findings = run(plan);
        return std::count_if(findings.sent.begin(), findings.sent.end(),
                             [&](const Sent& sent) { return (sent.*test)(); });
    };
    CHECK(count_of(Outcome::accepted, Modelled::refuses, false, &Sent::is_wider) == 1);
    CHECK(count_of(Outcome::accepted, Modelled::unknown, false, &Sent::is_wider) == 0);
    CHECK(count_of(Outcome::accepted, Modelled::accepts, false, &Sent::is_wider) == 0);
    CHECK(count_of(Outcome::accepted, Modelled::refuses, true, &Sent::is_wider) == 0); // it is not sent
    CHECK(count_of(Outcome::refused, Modelled::accepts, false, &Sent::is_narrower) == 1);
    CHECK(count_of(Outcome::refused, Modelled::refuses, false, &Sent::is_narrower) == 0);
    CHECK(count_of(Outcome::failed, Modelled::accepts, false, &Sent::is_narrower) == 0);
}
