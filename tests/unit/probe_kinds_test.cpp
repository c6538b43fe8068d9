// The tokens of a probe, judged by our own engine: a strict path refuses all that must be refused, and one that leaves
// a check out takes those of that check and no other.
#include <doctest/doctest.h>
#include <set>

#include "../support/mint.h"
#include "jwtdomain/accept/engine.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/probe/kinds.h"
#include "jwtdomain/probe/run.h"

using namespace jwtdomain;
using namespace jwtdomain::probe;
using jwtdomain::test::kNow;

namespace {

constexpr const char* kIssuer = "https://auth.prod.example";
constexpr const char* kAudience = "https://api.prod.example";

EphemeralKeys& strangers() {
    static EphemeralKeys keys; // RSA takes its time
    return keys;
}

struct World {
    explicit World(KeyType type, Algorithm algorithm) : key(PrivateKey::generate(type).value()) {
        Signer signer = Signer::make(key, algorithm).value();
        const std::string header = R"({"alg":")" + std::string(info(algorithm).name) + R"(","kid":"k","typ":"at+jwt"})";
        const std::string claims = R"({"iss":")" + std::string(kIssuer) + R"(","aud":")" + kAudience +
                                   R"(","sub":"s","iat":)" + std::to_string(kNow) + R"(,"exp":)" +
                                   std::to_string(kNow + 60) + R"(,"jti":"j","domain":"prod","scope":"read"})";
        control = {.token = jwtdomain::test::sign(signer, header, claims),
                   .key = key,
                   .public_key = key.public_key(),
                   .foreign_issuer = "https://auth.staging.example",
                   .foreign_audience = "https://api.staging.example",
                   .foreign_domain = "staging",
                   .foreign_kid = "other",
                   .domain_claim = "domain",
                   .scope_claim = "scope",
                   .now = kNow};
        path.signing.keys = {{.key = key.public_key(), .algorithms = {algorithm}, .kid = "k", .owner = "prod"}};
        path.type.allowed = {"at+jwt"};
        path.issuer.allowed.exact = {kIssuer};
        path.audience.any_of.exact = {kAudience};
        path.time.longest_life = 600;
        path.claims = {rule("domain", "prod"), rule("scope", "read")};
        for (const char* name : {"sub", "jti", "iat"})
            path.claims.push_back({.path = {name}, .test = accept::ClaimTest::present, .values = {}});
    }
    static accept::ClaimRule rule(const char* name, const char* value) {
        accept::ClaimRule out{.path = {name}, .test = accept::ClaimTest::in, .values = {}};
        out.values.exact = {value};
        return out;
    }
    static bool takes(const accept::Path& path, const std::string& text) {
        accept::PathEngine engine(path);
        UnverifiedToken token;
        token.parse(text, engine.reading());
        return engine.evaluate(token, {.now = kNow}).verified.has_value();
    }
    // Kinds that must be refused and are taken, by check.
    std::set<std::string> taken(const accept::Path& by) const {
        std::set<std::string> out;
        const Mutants mutants = Mutants::of(control, strangers()).value();
        for (const Kind& kind : kinds()) {
            const auto token = mutants.make(kind);
            if (token && kind.meaning == Meaning::must_be_refused && takes(by, *token)) out.emplace(kind.check);
        }
        return out;
    }
    PrivateKey key;
    Control control;
    accept::Path path;
};

// Answers as a function says.
class Fake final : public Door {
public:
    explicit Fake(std::function<Outcome(const std::string&)> answer) : answer_(std::move(answer)) {}
    Answer ask(const std::string& token, bool) override { return {answer_(token), "x"}; }

private:
    std::function<Outcome(const std::string&)> answer_;
};

std::size_t count(const Findings& findings, Conclusion conclusion) {
    std::size_t out = 0;
    for (const Sent& sent : findings.sent) out += sent.conclusion == conclusion;
    return out;
}

} // namespace

TEST_CASE("probe/kinds: a strict path takes the control and refuses the others, whatever the key is") {
    using Pair = std::pair<KeyType, Algorithm>;
    for (const auto& [type, signs_by] :
         {Pair{KeyType::p256, Algorithm::ES256}, Pair{KeyType::rsa, Algorithm::RS256},
          Pair{KeyType::ed25519, Algorithm::Ed25519}, Pair{KeyType::p384, Algorithm::ES384}}) {
        const Algorithm algorithm = signs_by;
        const World world(type, algorithm);
        CAPTURE(info(algorithm).name);
        REQUIRE(World::takes(world.path, world.control.token));
        CHECK(world.taken(world.path).empty());
        std::size_t made = 0;
        const Mutants mutants = Mutants::of(world.control, strangers()).value();
        for (const Kind& kind : kinds()) made += mutants.make(kind).has_value();
        CHECK(made >= kinds().size() - 3); // DER and padding are not for every algorithm
    }
}

TEST_CASE("probe/kinds: what a path leaves out is what its tokens say") {
    const World world(KeyType::p256, Algorithm::ES256);
    using Checks = std::set<std::string>;
    const auto without = [&](const auto& change) {
        accept::Path path = world.path;
        change(path);
        return world.taken(path);
    };
    CHECK(without([](accept::Path& p) { p.issuer.allowed.any = p.issuer.absent_ok = true; }) == Checks{"issuer"});
    CHECK(without([](accept::Path& p) { p.audience.any = true; }) == Checks{"audience"});
    CHECK(without([](accept::Path& p) { p.audience.absent_ok = true; }) == Checks{"audience"});
    CHECK(without([](accept::Path& p) { p.type.any = true; }) == Checks{"type"});
    CHECK(without([](accept::Path& p) {
              p.time.longest_life.reset();
              p.time.expiry = accept::Presence::optional;
          }) == Checks{"expiry"});
    CHECK(without([](accept::Path& p) { p.time.leeway = 400; }) == Checks{"leeway", "not-before"});
    CHECK(without([](accept::Path& p) { p.time.not_before = false; }).count("not-before") == 1);
    CHECK(without([](accept::Path& p) { p.claims.erase(p.claims.begin()); }) == Checks{"domain claim"});
    CHECK(without([](accept::Path& p) { p.claims.erase(p.claims.begin() + 1); }).count("scope") == 1);
    CHECK(without([](accept::Path& p) { p.dialect.ignores_crit = true; }) == Checks{"crit"});
    CHECK(without([](accept::Path& p) { p.dialect.accepts_none = true; }).count("algorithm") == 1);
    CHECK(without([](accept::Path& p) { p.dialect.ignores_alg = true; }) == Checks{"algorithm"});
    CHECK(without([](accept::Path& p) { p.signing.source = accept::KeySource::none; }).count("signature") == 1);
    CHECK(without([](accept::Path& p) { p.signing.source = accept::KeySource::of_token; }).count("key source") == 1);
}

TEST_CASE("probe/kinds: without the private key some are left, and the others say what they need") {
    World world(KeyType::p256, Algorithm::ES256);
    world.control.key.reset();
    std::size_t made = 0;
    const Mutants mutants = Mutants::of(world.control, strangers()).value();
    for (const Kind& kind : kinds()) {
        const auto token = mutants.make(kind);
        if (token) {
            ++made;
            if (kind.meaning == Meaning::must_be_refused) CHECK(!World::takes(world.path, *token));
        } else {
            CHECK(token.error().fault == Fault::not_found);
        }
    }
    CHECK(made > 20);
    world.control.token.erase(world.control.token.rfind('.') + 1);
    CHECK(Mutants::of(world.control, strangers()).error().message == "the control has no signature");
    world.control.token = "no.token";
    CHECK(Mutants::of(world.control, strangers()).error().fault == Fault::invalid);
}

TEST_CASE("probe/kinds: there are at least 45, each once") {
    std::set<std::string_view> names;
    for (const Kind& kind : kinds()) CHECK(names.insert(kind.name).second);
    CHECK(names.size() >= 45);
    CHECK(find_kind("aud-absent") != nullptr);
    CHECK(find_kind("aud") == nullptr);
}

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
