// Targets that are asked beside each other, and what an earlier run has left.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>

#include "probe_world.h"

using namespace jwtdomain;
using namespace jwtdomain::test::probing;
using jwtdomain::test::kNow;

namespace {

using Answers = std::vector<Answer>;

// Several targets of one domain, each with a door of its own, which notes what comes.
class Several {
public:
    Several(const World& world, std::size_t number, std::size_t origins) : world_(world) {
        for (std::size_t i = 0; i < number; ++i) {
            doors_.push_back(std::make_unique<Fake>([this, i](const std::string& token) { return answer(i, token); }));
            Plan plan;
            plan.domain = "prod";
            plan.target = std::to_string(i);
            plan.door = doors_.back().get();
            plan.origin = std::to_string(i % origins);
            plan.control = [this] {
                const std::lock_guard lock(mutex_);
                return Mutants::of(world_.control, strangers());
            };
            plan.foreign = {{"staging", "own", [] { return Result<std::string>("foreign"); }, nullptr, false}};
            plan.permitted = plan.declared = [](const std::string&) { return Permitted::no; };
            plan.clock = [] { return kNow; };
            plan.told = [this, i](const Asked& asked) {
                const std::lock_guard lock(mutex_);
                rows[i].push_back(asked.row);
            };
            plans.push_back(std::move(plan));
        }
    }

    // What was found, in words.
    static std::string text(const std::vector<Findings>& all) {
        std::string out;
        for (const Findings& findings : all) {
            out += findings.target + " " + std::to_string(findings.requests) + " " + findings.why + "\n";
            for (const Sent& sent : findings.sent)
                out += sent.title() + ": " + std::string(name_of(sent.conclusion)) + " " + sent.detail + "\n";
        }
        return out;
    }
    std::string run(unsigned jobs, unsigned of_one_origin) {
        rows.clear();
        most = most_of_one = 0;
        return text(run_all(plans, {.jobs = jobs, .of_one_origin = of_one_origin}));
    }

    std::vector<Plan> plans;
    std::map<std::size_t, std::vector<std::string>> rows; // of each target, in the order of its questions
    std::size_t wanted = 1;                               // so many are waited for at first, to be asked at once
    std::size_t most = 0, most_of_one = 0;                // at once, and of one origin
    std::function<void(std::size_t, const std::string&)> before = [](std::size_t, const std::string&) {};

private:
    // Each target leaves another check out, or two.
    Outcome answer(std::size_t i, const std::string& token) {
        before(i, token);
        std::unique_lock lock(mutex_);
        const std::size_t own = ++busy_[plans[i].origin];
        most = std::max(most, ++all_);
        most_of_one = std::max(most_of_one, own);
        met_.notify_all();
        met_.wait_for(lock, std::chrono::seconds(2), [&] { return most >= wanted; });
        accept::Path path = world_.path;
        if (i % 2 == 1) path.audience.any = true;
        if (i % 3 == 1) path.type.any = true;
        const Outcome out = World::takes(path, token)      ? Outcome::accepted
                            : i == 2 && token == "foreign" ? Outcome::error
                                                           : Outcome::refused;
        --all_;
        --busy_[plans[i].origin];
        return out;
    }

    const World& world_;
    std::vector<std::unique_ptr<Fake>> doors_;
    std::mutex mutex_;
    std::condition_variable met_;
    std::size_t all_ = 0;
    std::map<std::string, std::size_t> busy_;
};

} // namespace

TEST_CASE("probe/crowd: whatever their number, the same is found, and of each target one thing after the other") {
    const World world(KeyType::p256, Algorithm::ES256);
    Several several(world, 6, 2);
    const std::string alone = several.run(1, 1);
    CHECK(several.most == 1);
    const auto rows = several.rows;
    CHECK(alone.find("broken") != std::string::npos);
    REQUIRE(rows.size() == 6);
    for (const auto& [target, asked] : rows) {
        CHECK(asked[0] == "control");
        CHECK(asked[1] == "control-garbage");
        CHECK(asked[2] == "foreign-0");
        CHECK(asked.back() == "control");
    }
    several.wanted = 4;
    CHECK(several.run(8, 2) == alone);
    CHECK(several.rows == rows);
    CHECK(several.most == 4); // two origins
    CHECK(several.most_of_one == 2);
    several.wanted = 3;
    CHECK(several.run(3, 8) == alone);
    CHECK(several.most == 3);
    CHECK(run_all({}, {.jobs = 4, .of_one_origin = 1}).empty());
}

TEST_CASE("probe/crowd: what is thrown in one thread is thrown to the caller, and nothing more is begun") {
    const World world(KeyType::p256, Algorithm::ES256);
    Several several(world, 6, 6);
    several.before = [](std::size_t, const std::string&) { throw std::runtime_error("no memory"); };
    CHECK_THROWS_WITH(several.run(3, 1), "no memory");
}

TEST_CASE("probe/crowd: a token that was handed in is cold everywhere before it is sent home") {
    const World world(KeyType::p256, Algorithm::ES256);
    Several several(world, 2, 2);
    std::mutex mutex;
    std::set<std::string> seen; // by a cache that both share
    std::size_t cold = 0;
    const std::string handed = world.control.token + ".handed-in";
    Fake home([&](const std::string& token) {
        const std::lock_guard lock(mutex);
        seen.insert(token);
        return Outcome::accepted;
    });
    Fake cached([&](const std::string& token) {
        const std::lock_guard lock(mutex);
        if (token == handed && seen.count(token) == 0) ++cold;
        return seen.count(token) != 0 || World::takes(world.path, token) ? Outcome::accepted : Outcome::refused;
    });
    // The first target sends it home with its first question, as a control is.
    several.plans[0].door = &home;
    several.plans[0].control = [&] {
        seen.insert(handed);
        return Result<Mutants>(fail(Fault::not_found, "none"));
    };
    several.plans[1].door = &cached;
    for (const bool in_hand : {true, false}) {
        seen.clear();
        cold = 0;
        several.plans[1].foreign = {{"staging", "own", [&] { return Result<std::string>(handed); }, &home, in_hand}};
        const Findings found = run_all(several.plans, {.jobs = 1, .of_one_origin = 1})[1];
        const Sent& sent = found.sent.front();
        CHECK(sent.conclusion == Conclusion::broken);
        CHECK(sent.warmed == in_hand);
        CHECK(sent.rule() == (in_hand ? "RUN-02" : "RUN-01"));
        CHECK(cold == (in_hand ? 1 : 0));
    }
}

TEST_CASE("probe/resume: what was clear is not asked again, and comes to the same; controls are") {
    const World world(KeyType::p256, Algorithm::ES256);
    Several several(world, 3, 3);
    std::map<std::string, Answers> kept;
    std::mutex mutex;
    for (Plan& plan : several.plans) {
        plan.keep = [&, name = plan.target + "/"](const std::string& row, const Answers& answers) {
            const std::lock_guard lock(mutex);
            CHECK(kept.emplace(name + row, answers).second);
        };
    }
    const std::string whole = several.run(2, 1);
    CHECK(kept.size() > 200);
    CHECK(kept.count("2/foreign-0") == 0); // a server's error is none
    CHECK(kept.at("0/foreign-0").size() == 1);
    CHECK(kept.at("1/aud-absent").size() == 2); // taken twice
    CHECK(kept.count("0/control") == 0);
    // Half of it is lost.
    std::size_t lost = 0;
    for (auto each = kept.begin(); each != kept.end(); ++lost)
        each = lost % 2 == 0 ? kept.erase(each) : std::next(each);
    const auto before = kept;
    for (Plan& plan : several.plans) {
        plan.known = [&before, name = plan.target + "/"](const std::string& row) {
            const auto found = before.find(name + row);
            return found == before.end() ? nullptr : &found->second;
        };
    }
    CHECK(several.run(3, 1) == whole);
    for (const auto& [target, rows] : several.rows) {
        CHECK(std::count(rows.begin(), rows.end(), "control") == 2);
        for (const std::string& row : rows) CHECK(before.count(std::to_string(target) + "/" + row) == 0);
    }
    // Answers that are too few show nothing.
    const Answers none;
    several.plans[0].keep = {};
    several.plans[0].known = [&](const std::string& row) { return row == "aud-absent" ? &none : nullptr; };
    const Findings findings = run(several.plans[0]);
    for (const Sent& sent : findings.sent) {
        if (sent.kind != nullptr && sent.kind->name == "aud-absent") CHECK(sent.conclusion == Conclusion::inconclusive);
    }
}

TEST_CASE("probe/stopped: what was not asked by then is not known, and what was taken is") {
    const World world(KeyType::p256, Algorithm::ES256);
    Several several(world, 2, 2);
    std::atomic<int> asked[2] = {0, 0};
    several.before = [&](std::size_t i, const std::string&) { ++asked[i]; };
    for (std::size_t i = 0; i < 2; ++i)
        several.plans[i].stopped = [&, i] { return asked[i] > 65 ? std::string("the time is up") : ""; };
    const auto all = run_all(several.plans, {.jobs = 2, .of_one_origin = 1});
    CHECK(asked[0] == 66);
    CHECK(asked[1] == 66);
    for (const Findings& findings : all) {
        CHECK(!findings.controlled);
        CHECK(findings.why.find("at the end (the time is up)") != std::string::npos);
        CHECK(count(findings, Conclusion::holds) == 0);
        CHECK(findings.sent.back().detail == "the time is up");
    }
    CHECK(count(all[1], Conclusion::broken) > 0);
}

TEST_CASE("probe/answers: errors, time-outs and flapping are outcomes of their own; one clear answer after them is not "
          "enough") {
    const World world(KeyType::p256, Algorithm::ES256);
    using O = Outcome;
    const auto of = [&](const std::vector<Outcome>& answers) {
        std::size_t next = 0;
        Fake door([&](const std::string& token) {
            if (token != "foreign") return World::takes(world.path, token) ? O::accepted : O::refused;
            REQUIRE(next < answers.size());
            return answers[next++];
        });
        Plan plan;
        plan.door = &door;
        plan.control = [&] { return Mutants::of(world.control, strangers()); };
        plan.foreign = {{"staging", "own", [] { return Result<std::string>("foreign"); }, nullptr, false}};
        plan.permitted = plan.declared = [](const std::string&) { return Permitted::no; };
        plan.clock = [] { return kNow; };
        const Findings findings = run(plan);
        CHECK(findings.controlled);
        CHECK(next == answers.size());
        const Sent& sent = findings.sent.front();
        CHECK((sent.conclusion == Conclusion::inconclusive) == !is_clear(*sent.outcome));
        return std::string(name_of(*sent.outcome));
    };
    CHECK(of({O::refused}) == "refused");
    CHECK(of({O::accepted, O::accepted}) == "accepted");
    CHECK(of({O::accepted, O::refused}) == "flapping");
    CHECK(of({O::error, O::error}) == "server-error");
    CHECK(of({O::late, O::late}) == "timed-out");
    CHECK(of({O::failed, O::failed}) == "no-answer");
    CHECK(of({O::odd, O::odd}) == "unclear");
    CHECK(of({O::error, O::refused, O::refused}) == "refused");
    CHECK(of({O::late, O::accepted, O::accepted}) == "accepted");
    CHECK(of({O::accepted, O::error, O::accepted}) == "accepted");
    CHECK(of({O::error, O::refused, O::error}) == "flapping");
    CHECK(of({O::error, O::refused, O::accepted}) == "flapping");
    CHECK(of({O::error, O::late}) == "flapping");
}

TEST_CASE("probe/answers: a refusal shows nothing once the token has expired while it waited for its turn") {
    const World world(KeyType::p256, Algorithm::ES256);
    Time now = kNow;
    bool slow = true;
    Fake door([&](const std::string& token) {
        const bool takes = World::takes(world.path, token);
        if (slow && !takes && token != kGarbage) now = kNow + 61; // which its answer took
        return takes ? Outcome::accepted : Outcome::refused;
    });
    Plan plan;
    plan.door = &door;
    plan.control = [&] {
        slow = slow && now == kNow;
        now = kNow;
        return Mutants::of(world.control, strangers());
    };
    plan.permitted = plan.declared = [](const std::string&) { return Permitted::no; };
    plan.clock = [&] { return now; };
    std::size_t kept = 0;
    plan.keep = [&](const std::string&, const Answers&) { ++kept; };
    const Findings findings = run(plan);
    CHECK(findings.controlled);
    const Sent& first = findings.sent.front(); // of the kinds: garbage, which never expires, but its control does
    CHECK(first.conclusion == Conclusion::holds);
    CHECK(findings.sent[1].conclusion == Conclusion::inconclusive);
    CHECK(findings.sent[1].detail.find("by then it had expired") != std::string::npos);
    CHECK(count(findings, Conclusion::inconclusive) == 1);
    CHECK(kept == count(findings, Conclusion::holds) + count(findings, Conclusion::broken));
}
