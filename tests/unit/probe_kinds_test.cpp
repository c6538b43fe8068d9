// The tokens of a probe, judged by our own engine: a strict path refuses all that must be refused, and one that leaves
// a check out takes those of that check and no other.
#include <doctest/doctest.h>

#include "probe_world.h"

using namespace jwtdomain;
using namespace jwtdomain::test::probing;

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
        CHECK(made >= kinds().size() - 5); // DER and padding are not for every algorithm, and two are not sent
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
