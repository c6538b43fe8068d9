#include <sys/stat.h>

#include "jwtdomain/jwt/jwk.h"
#include "tests/support/golden.h"
#include "tests/support/issuing.h"

using namespace jwtdomain;
using namespace jwtdomain::test;
using Json = nlohmann::ordered_json;

namespace {

constexpr Time kMade = 1'700'000'000, kBegin = kMade + 86'400, kStart = kBegin + 7230, kEnd = kStart + 630;

struct Rotating : Issuing {
    explicit Rotating(const std::string& prod = "") : Issuing(prod) { world.time = kBegin; }

    Outcome rotate(std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"rotate", "--domain", "prod"});
        return world.run(more);
    }
    Json rotated(std::vector<std::string> more = {}) {
        more.insert(more.end(), {"--format", "json"});
        const Outcome outcome = rotate(more);
        REQUIRE_MESSAGE(outcome.status == 0, outcome.err);
        return Json::parse(outcome.out);
    }
    nlohmann::json keys_in(const std::string& file) const {
        return nlohmann::json::parse(read_text(policy_file(file)))["keys"];
    }
    nlohmann::json set() const { return keys_in("jwks/prod.json"); }
    nlohmann::json served() const { return keys_in("publish/prod/jwks.json"); }
    std::string kid_at(Time time) {
        world.time = time;
        return header_of(token())["kid"];
    }
    static std::string done(const Json& report) {
        std::string out;
        for (const auto& each : report["done"]) out += (out.empty() ? "" : " ") + each["what"].get<std::string>();
        return out;
    }
};

// Paths are left whole, whatever their length.
std::size_t widest_but_paths(const std::string& text) {
    std::size_t widest = 0;
    for (const std::string& line : lines_of(text)) {
        if (line.find(" /") == std::string::npos) widest = std::max(widest, widest_line(line + "\n"));
    }
    return widest;
}

} // namespace

TEST_CASE("rotate/cycle: prepare, activate, retire, remove; every token stays good for its life") {
    Rotating it;
    const std::string old = it.set()[0]["kid"];
    const std::string before = it.token();
    const Json prepared = it.rotated();
    CHECK(Rotating::done(prepared) == "prepared ends");
    REQUIRE(it.set().size() == 2);
    const std::string fresh = it.set()[1]["kid"];
    CHECK(it.set()[1]["nbf"] == kStart);
    CHECK(it.set()[1]["iat"] == kBegin);
    CHECK(it.set()[0]["exp"] == kEnd);
    CHECK(it.served() == it.set());
    CHECK(it.stored_keys() == 3); // one is staging's
    CHECK(prepared["run_again"] == format_time(kEnd));
    CHECK(it.verify("prod", before) == 0);

    for (const Time now : {kBegin + 1, kStart - 1, kStart, kEnd - 1}) {
        CAPTURE(now);
        it.world.time = now;
        const std::string text = read_text(it.policy_file("jwks/prod.json"));
        CHECK(Rotating::done(it.rotated()).empty()); // as often as one likes
        CHECK(read_text(it.policy_file("jwks/prod.json")) == text);
        CHECK(it.kid_at(now) == (now < kStart ? old : fresh));
    }
    it.world.time = kStart - 1;
    const std::string last = it.token();
    it.world.time = kStart - 1 + 600 + 29; // with the leeway, its last second
    CHECK(it.verify("prod", last) == 0);

    it.world.time = kEnd;
    CHECK(Rotating::done(it.rotated()) == "removed");
    CHECK(it.set().size() == 1);
    CHECK(it.set()[0]["kid"] == fresh);
    CHECK(it.served() == it.set());
    CHECK(it.stored_keys() == 2);
    CHECK_FALSE(std::filesystem::exists(it.key_store() + "/" + old + ".jwk"));
    CHECK(Json::parse(read_text(it.policy_file("jwks/prod.removed.json")))["keys"][0]["kid"] == old);
    CHECK(it.verify("prod", it.token()) == 0);
    CHECK(Rotating::done(it.rotated()).empty()); // no rotation begins on the heels of another
    for (const auto& entry : std::filesystem::directory_iterator(it.key_store()))
        CHECK(entry.path().filename().string().rfind("rotating", 0) != 0);

    it.world.time = kStart + 7860;
    CHECK(Rotating::done(it.rotated()) == "prepared ends");
}

TEST_CASE("rotate/issue: signs with the active key only") {
    Rotating it;
    const std::string old = it.set()[0]["kid"];
    it.rotated();
    const std::string fresh = it.set()[1]["kid"];
    it.refused({"--kid", fresh}, "not active yet", 5);
    CHECK(it.issue({"--kid", fresh}).err.find("2023-11-16T00:13:50Z") != std::string::npos);
    it.world.time = kStart;
    it.refused({"--kid", old}, "has retired", 3);
    // The clock was turned back: what is not active yet does not sign, and nothing more is made.
    it.world.time = kEnd;
    it.rotated();
    it.world.time = kBegin;
    it.refused({}, "not active yet", 5);
    CHECK(Rotating::done(it.rotated()).empty());
    CHECK(it.set().size() == 1);
}

TEST_CASE("rotate/clock: turned back in the middle, nothing is made twice and nothing comes back") {
    Rotating it;
    it.rotated();
    for (const Time now : {kMade, kBegin - 5, Time{5}, kStart - 1}) {
        CAPTURE(now);
        it.world.time = now;
        CHECK(Rotating::done(it.rotated()).empty());
        CHECK(it.set().size() == 2);
    }
    it.world.time = kEnd + 5;
    it.rotated();
    it.world.time = kStart;
    CHECK(Rotating::done(it.rotated()).empty());
    CHECK(it.served().size() == 1);
}

TEST_CASE("rotate/publish: the key set and both documents, as they are served") {
    Rotating it;
    const Json report = it.rotated();
    CHECK(report["published"]["files"][0]["type"] == "application/jwk-set+json");
    for (const char* name : {"openid-configuration", "oauth-authorization-server"}) {
        const Json document = Json::parse(read_text(it.policy_file(std::string("publish/prod/.well-known/") + name)));
        CHECK(document["issuer"] == "https://auth.prod.example.com");
        CHECK(document["jwks_uri"] == "https://auth.prod.example.com/jwks.json");
    }
    const std::string headers = read_text(it.policy_file("publish/prod/_headers"));
    CHECK(
        headers.find("/jwks.json\n  Content-Type: application/jwk-set+json\n  Cache-Control: public, max-age=300\n") !=
        std::string::npos);
    CHECK(read_text(it.policy_file("publish/prod/jwks.json")) == it.must({"jwks", "--domain", "prod"}));

    SUBCASE("an issuer with a path") {
        it.put("domains/prod.yaml", "domain: prod\nissuer: https://id.example/realms/eu/\naudiences: [x]\n"
                                    "jwks: jwks/prod.json\n");
        CHECK(it.rotate().status == 3); // what is served of the other issuer is in the way
        std::filesystem::remove_all(it.policy_file("publish/prod"));
        it.rotated();
        for (const char* path : {"realms/eu/jwks.json", "realms/eu/.well-known/openid-configuration",
                                 ".well-known/oauth-authorization-server/realms/eu"})
            CHECK(std::filesystem::exists(it.policy_file(std::string("publish/prod/") + path)));
    }
    SUBCASE("an issuer that is no URL, or leads out of the directory") {
        for (const char* issuer : {"acme", "https://id.example/../../x", "https://id.example/a?b"}) {
            it.put("domains/prod.yaml",
                   "domain: prod\nissuer: " + std::string(issuer) + "\naudiences: [x]\njwks: jwks/prod.json\n");
            const Json again = it.rotated();
            CHECK(again["published"]["files"].size() == 2);
            CHECK_FALSE(std::filesystem::exists(it.policy_file("x")));
        }
    }
    SUBCASE("what was changed by hand is put right") {
        write_text(it.policy_file("publish/prod/_headers"), "");
        it.rotated();
        CHECK(read_text(it.policy_file("publish/prod/_headers")) == headers);
    }
    SUBCASE("a prepared key that was not served signs later") {
        auto set = it.served();
        set.erase(1);
        write_text(it.policy_file("publish/prod/jwks.json"), Json{{"keys", set}}.dump());
        it.world.time = kBegin + 100;
        CHECK(Rotating::done(it.rotated()) == "postponed ends");
        CHECK(it.set()[1]["nbf"] == kStart + 100);
        CHECK(it.set()[0]["exp"] == kEnd + 100);
        CHECK(it.served() == it.set());
    }
}

TEST_CASE("rotate/emergency: a new key signs now, the others are gone now, and what stays open is said") {
    Rotating it;
    it.rotated();
    const std::string old = it.token();
    const Json report = it.rotated({"--emergency", "--reason", "laptop\x1b[31m lost"});
    CHECK(Rotating::done(report) == "prepared removed removed");
    CHECK(report["accepted_until"] == format_time(kBegin + 7200));
    CHECK(it.set().size() == 1);
    CHECK(it.served() == it.set());
    CHECK(it.stored_keys() == 2);
    CHECK(it.verify("prod", old) == 1);
    CHECK(it.verify("prod", it.token()) == 0);
    const Outcome text = it.rotate({"--emergency", "--reason", "again"});
    CHECK(first_line(text.out) == "REPLACED prod: a new key signs now; 1 key removed");
    CHECK(text.out.find("until " + format_time(kBegin + 7200)) != std::string::npos);
    CHECK(text.out.find("jwtdomain revoke --domain prod \\\n        --key ") != std::string::npos);
    CHECK(widest_but_paths(text.out) <= 80);
    // Copies of the set without it live for two hours: that is no plan that holds.
    const Outcome simulated = it.rotate({"--simulate"});
    CHECK(simulated.status == 1);
    CHECK(simulated.out.find("not-published") != std::string::npos);
    it.world.time += 7231;
    CHECK(it.rotate({"--simulate"}).status == 0);
}

TEST_CASE("rotate/every: cron runs it, and it does nothing until the key is old enough") {
    Rotating it("rotation: {every: 30d, cache: 1h}\n");
    const Time due = kMade + 30 * 86'400 - 3630;
    it.world.time = due - 1;
    const Outcome waiting = it.rotate();
    CHECK(waiting.status == 0);
    CHECK(first_line(waiting.out) == "WAITING prod: nothing is due before " + format_time(due) + " (in 1 s)");
    it.world.time = due;
    CHECK(Rotating::done(it.rotated()) == "prepared ends");
    CHECK(it.set()[1]["nbf"] == kMade + 30 * 86'400);
    Rotating other("rotation: {every: 30d}\n");
    CHECK(Rotating::done(other.rotated()).empty());
    CHECK(Rotating::done(other.rotated({"--now"})) == "prepared ends");
}

TEST_CASE("rotate/policy: a key signs for at least six lives of a token, and for longer than copies live") {
    Rotating it;
    for (const char* rules :
         {"rotation: {every: 59m, cache: 1m}\n", "rotation: {every: 2h}\n", "lifetime: 1d\nrotation: {every: 5d}\n"}) {
        it.put_domain("prod", rules);
        const Outcome refused = it.rotate();
        CHECK(refused.status == 3);
        CHECK(refused.err.find("every") != std::string::npos);
    }
    it.put_domain("prod", "rotation: {every: 1h, cache: 1m}\n");
    CHECK(it.rotate().status == 0);
}

TEST_CASE("rotate/migration: keys of before there was rotation") {
    SUBCASE("two keys, without a record of which is which") {
        Rotating it;
        Json set = Json::parse(read_text(it.policy_file("jwks/prod.json")));
        const Json staging = Json::parse(read_text(it.policy_file("jwks/staging.json")))["keys"][0];
        set["keys"].insert(set["keys"].begin(), staging);
        for (Json& key : set["keys"]) key.erase("iat");
        it.put("jwks/prod.json", set.dump());
        const Json report = it.rotated();
        CHECK(Rotating::done(report) == "migrated");
        CHECK(it.set()[0]["exp"] == kBegin + 630);
        it.world.time = kBegin + 630;
        CHECK(Rotating::done(it.rotated()) == "prepared removed ends");
    }
    SUBCASE("one that keygen has prepared") {
        Rotating it;
        it.must({"keygen", "--domain", "prod"});
        CHECK(it.set()[1]["nbf"] == kStart);
        CHECK(it.kid_at(kStart - 1) == it.set()[0]["kid"]);
        CHECK(it.kid_at(kStart) == it.set()[1]["kid"]);
        it.world.time = kBegin + 5;
        CHECK(Rotating::done(it.rotated()) == "ends");
        CHECK(it.set()[0]["exp"] == kEnd);
    }
    SUBCASE("none: the first key signs at once") {
        TwoDomains two;
        const Json report = Json::parse(two.must({"rotate", "--domain", "prod", "--format", "json"}));
        CHECK(report["done"][0]["time"] == format_time(kMade));
        CHECK(two.world.run({"issue", "--domain", "prod", "--subject", "a"}).status == 0);
    }
}

TEST_CASE("rotate/audit: what was not removed in time, and who still takes what was removed") {
    Rotating it;
    it.rotated();
    const auto guarded_by = [&](const std::string& keys) {
        it.put("policy.yaml", "version: 1\nverifiers:\n  - {domain: prod, name: gateway, accepts: [{keys: " + keys +
                                  ", issuer: https://auth.prod.example.com, audience: [https://api.prod.example.com], "
                                  "expiry: required, longest_life: 10m}]}\n");
    };
    guarded_by("jwks/prod.json");
    const auto finds = [&](const char* rule) {
        const Outcome outcome = it.world.run({"audit", "--format", "json"});
        return outcome.out.find(std::string("\"") + rule + "\"") != std::string::npos;
    };
    it.world.time = kEnd;
    CHECK_FALSE(finds("KEY-09"));
    it.world.time = kEnd + 1;
    CHECK(finds("KEY-09"));
    it.put("jwks/copy.json", read_text(it.policy_file("jwks/prod.json")));
    it.rotated();
    CHECK_FALSE(finds("KEY-09"));
    it.put_domain("prod", "earlier_jwks: [jwks/prod.removed.json]\n");
    CHECK_FALSE(finds("JWK-03"));
    guarded_by("jwks/copy.json");
    CHECK(finds("JWK-03"));
}

TEST_CASE("rotate/elsewhere: where the private key is not here, its next public half is given") {
    Rotating it;
    const std::string pem = it.directory / "next.pem", half = it.directory / "next.pub";
    it.must({"keygen", "--out", pem});
    it.must({"keygen", "--from", pem, "--public", "--out", half});
    it.world.variables["XDG_STATE_HOME"] = it.directory / "elsewhere";
    const Outcome refused = it.rotate();
    CHECK(refused.status == 3);
    CHECK(refused.err.find("--public FILE") != std::string::npos);
    const Json report = it.rotated({"--public", half});
    CHECK(Rotating::done(report) == "prepared ends");
    CHECK_FALSE(report["keys"][1]["private_here"].get<bool>());
    CHECK(it.rotate({"--public", half}).status == 3); // no second one
    it.world.time = kStart;
    CHECK(it.verify("prod", it.token({"--key", pem})) == 0);
    it.world.time = kEnd;
    CHECK(Rotating::done(it.rotated()) == "removed");
    CHECK(it.rotate({"--emergency", "--public", half}).status == 3); // it is there already
}

TEST_CASE("rotate/plan: dates of each step, in text and as json, and nothing is written") {
    Rotating it;
    const auto stable = [&](std::string text) {
        for (std::size_t i = 0; i < it.set().size(); ++i) {
            const std::string kid = it.set()[i]["kid"];
            text = replaced(text, kid, std::string(i == 0 ? 43 : kid.size(), i == 0 ? 'A' : 'B'));
            text = replaced(text, kid.substr(0, 12), std::string(12, i == 0 ? 'A' : 'B'));
        }
        return replaced(text, it.directory.path(), "/DIRECTORY");
    };
    const auto golden = [&](const std::string& name, const std::vector<std::string>& more) {
        const Outcome text = it.rotate(more);
        CHECK(widest_but_paths(text.out) <= 80);
        check_golden("rotate/" + name + ".txt", stable(text.out));
    };
    golden("plan-before", {"--plan"});
    golden("simulate-before", {"--simulate"});
    CHECK(it.set().size() == 1);
    CHECK_FALSE(std::filesystem::exists(it.policy_file("publish")));
    golden("prepared", {});
    golden("plan", {"--plan"});
    golden("waiting", {});
    check_golden("rotate/plan.json", stable(it.rotated({"--plan"}).dump(2) + "\n"));
    golden("simulate", {"--simulate"});
    check_golden("rotate/simulate.json", stable(it.rotated({"--simulate"}).dump(2) + "\n"));
    it.world.time = kStart;
    golden("plan-retired", {"--plan"});
    it.world.time = kEnd;
    const auto kids = it.set();
    Outcome removed = it.rotate();
    std::string text = replaced(removed.out, kids[1]["kid"], std::string(43, 'B'));
    text = replaced(text, std::string(kids[1]["kid"]).substr(0, 12), std::string(12, 'B'));
    check_golden("rotate/removed.txt", replaced(text, it.directory.path(), "/DIRECTORY"));
}

TEST_CASE("rotate/refused: each says what to do, and nothing is made") {
    Rotating it;
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{"--plan", "--emergency"}, {"--plan", "--alg", "ES256"}, {"--reason", "x"}})
        CHECK(it.rotate(more).status == 2);
    CHECK(it.world.run({"rotate"}).status == 2);
    CHECK(it.rotate({"--alg", "RS256"}).status == 2);
    it.put_domain("prod", "foreign: true\n");
    CHECK(it.rotate().status == 3);
    it.put("domains/prod.yaml", "domain: prod\nissuer: https://a.example\naudiences: [x]\njwks: https://a.example/k\n");
    CHECK(it.rotate().status == 3);
    CHECK(it.stored_keys() == 2);
}
