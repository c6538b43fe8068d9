// Witnesses that are kept, and run again once the crossing is mended.
#include <doctest/doctest.h>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "../support/estate.h"
#include "../support/golden.h"
#include "jwtdomain/store/keystore.h"

using namespace jwtdomain;
using test::Estate;

namespace {

std::string verifiers(const std::string& keys, const std::string& issuer) {
    return "version: 1\nverifiers:\n  - domain: prod\n    name: legacy\n    accepts: [{keys: " + keys +
           ", kid: hint, issuer: " + issuer +
           ", audience: any, expiry: required}]\n"
           "  - domain: staging\n    name: gateway\n    accepts: [{keys: jwks/staging.json, issuer: "
           "https://auth.staging.example.com, audience: [https://api.staging.example.com], expiry: required}]\n";
}

struct Leaky : Estate {
    Leaky() { put("jwtdomain/policy.yaml", verifiers("[jwks/prod.json, jwks/staging.json]", "any")); }
    std::string saved = directory / "witnesses";
    test::Outcome replay() { return world.run({"audit", "replay", saved}); }
};

} // namespace

TEST_CASE("audit/replay: what crosses is kept, still crosses, and is refused once it is mended") {
    Leaky estate;
    CHECK(estate.world.run({"audit", "--save-witnesses", estate.saved}).status == 1);
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(estate.saved)) {
        ++files;
        std::ifstream in(entry.path());
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        CHECK(text.find("eyJ") == std::string::npos); // no token is kept
    }
    CHECK(files == 3); // a replay, a stolen key, a hostile issuer
    const test::Outcome before = estate.replay();
    CHECK(before.status == 1);
    CHECK(test::first_line(before.out) == "STILL CROSSES 3 of 3 witnesses");
    CHECK(test::widest_line(before.out) <= 80);

    estate.put("jwtdomain/policy.yaml", verifiers("jwks/prod.json", "https://auth.prod.example.com"));
    const test::Outcome after = estate.replay();
    CHECK(after.status == 0);
    CHECK(test::first_line(after.out) == "HELD all 3 witnesses are refused");
    const auto json =
        nlohmann::json::parse(estate.world.run({"audit", "replay", estate.saved, "--format", "json"}).out);
    CHECK(json["held"] == 3);
    estate.world.working_directory = estate.directory.path();
    test::check_golden("audit-replay/held.json",
                       estate.world.run({"audit", "replay", "witnesses", "--format", "json"}).out);
    CHECK(json["crosses"] == 0);
    // What audit can write, and replay cannot, is refused, not left out.
    const test::Outcome sarif = estate.world.run({"audit", "replay", estate.saved, "--format", "sarif"});
    CHECK(sarif.status == 2);
    CHECK(sarif.err.find("no format") != std::string::npos);
}

TEST_CASE("audit/replay: another key, or another name of it, mends nothing where it is shared as the old one was") {
    Leaky estate;
    estate.world.run({"audit", "--save-witnesses", estate.saved});
    const auto publish = [&](const test::Issuer& issuer, const std::string& kid) {
        JwkMetadata metadata;
        metadata.kid = kid;
        metadata.algorithm = "ES256";
        estate.put("jwtdomain/jwks/staging.json", write_jwks({{issuer.key.public_key(), metadata}}));
    };
    publish(estate.staging, "renamed");
    CHECK(test::first_line(estate.replay().out) == "STILL CROSSES 3 of 3 witnesses");
    const test::Issuer rotated{"staging"};
    publish(rotated, "staging-2");
    CHECK(test::first_line(estate.replay().out) == "STILL CROSSES 3 of 3 witnesses");
    estate.put("jwtdomain/policy.yaml", verifiers("jwks/prod.json", "any"));
    CHECK(estate.replay().status == 0);
}

TEST_CASE("audit/replay: half a fix holds against the replay, not against the thief") {
    Leaky estate;
    estate.world.run({"audit", "--save-witnesses", estate.saved});
    estate.put("jwtdomain/policy.yaml",
               verifiers("[jwks/prod.json, jwks/staging.json]", "https://auth.prod.example.com"));
    const test::Outcome outcome = estate.replay();
    CHECK(outcome.status == 0); // each kept token is refused, yet the audit still knows of the thief
    CHECK(estate.world.run({"audit", "--against", "stolen-key"}).status == 1);
}

TEST_CASE("audit/replay: no service any more, no folder, no witness in it, a file that is none") {
    Leaky estate;
    estate.world.run({"audit", "--save-witnesses", estate.saved});
    estate.put("jwtdomain/policy.yaml", "version: 1\n");
    CHECK(estate.replay().status == 3);
    CHECK(estate.world.run({"audit", "replay", estate.directory / "nowhere"}).status == 3);
    estate.put("empty/readme.txt", "");
    CHECK(estate.world.run({"audit", "replay", estate.directory / "empty"}).status == 4);
    estate.put("bad/x.json", "{\"kind\": 1}");
    const test::Outcome bad = estate.world.run({"audit", "replay", estate.directory / "bad"});
    CHECK(bad.status == 3);
    CHECK(bad.err.find("x.json") != std::string::npos);
    CHECK(estate.world.run({"audit", "reply", estate.saved}).status == 2);
}

TEST_CASE("audit/replay: two services whose names differ in punctuation alone keep a witness each") {
    test::Estate estate;
    estate.put("jwtdomain/domains/zone.yaml", "domain: zone\nissuer: https://auth.zone.example.com\naudiences: "
                                              "[https://api.zone.example.com]\njwks: jwks/zone.json\n");
    estate.put("jwtdomain/jwks/zone.json", write_jwks({{test::Issuer("zone").key.public_key(), {}}}));
    const auto verifier = [](const std::string& name, const std::string& keys) {
        return "  - {domain: prod, name: \"" + name + "\", accepts: [{keys: [jwks/prod.json, " + keys +
               "], kid: hint, issuer: any, audience: any, expiry: required}]}\n";
    };
    estate.put("jwtdomain/policy.yaml", "version: 1\nverifiers:\n" +
                                            verifier("x y", "jwks/staging.json, jwks/zone.json") +
                                            verifier("x-y", "jwks/staging.json"));
    const std::string saved = estate.directory / "witnesses";
    CHECK(estate.world.run({"audit", "--save-witnesses", saved}).status == 1);
    std::size_t replays = 0;
    for (const auto& entry : std::filesystem::directory_iterator(saved)) {
        const std::string name = entry.path().filename();
        replays += name.rfind("staging--prod-x-y--replay", 0) == 0;
    }
    CHECK(replays == 2);
}

TEST_CASE("audit/real-keys: the tokens that cross, with the domain's own key, private and for a minute") {
    Leaky estate;
    const std::string store = estate.directory / "state/jwtdomain";
    const auto audit = [&] {
        return estate.world.run({"audit", "--save-witnesses", estate.saved, "--real-keys", "--against", "stolen-key"});
    };
    const test::Outcome without = audit();
    CHECK(without.status == 1);
    CHECK(without.err.find("no token with a real key, replay of staging into prod (legacy)") != std::string::npos);

    const std::string thumbprint = estate.staging.key.public_key().thumbprint();
    const auto secret = write_private_jwk(estate.staging.key, {});
    REQUIRE(secret);
    REQUIRE(store::KeyStore(store).add(thumbprint, *secret));
    const test::Outcome with = audit();
    CHECK(with.status == 1);
    CHECK(with.err.find("are signed with real keys") != std::string::npos);
    CHECK(with.err.find("hostile-issuer of staging into prod (legacy): the attacker first adds a key") !=
          std::string::npos);
    std::size_t tokens = 0;
    for (const auto& entry : std::filesystem::directory_iterator(estate.saved)) {
        if (entry.path().extension() != ".jwt") continue;
        ++tokens;
        CHECK((entry.status().permissions() & std::filesystem::perms::mask) == std::filesystem::perms(0600));
        // Staging's key verifies it; it lives for a minute; and no token is in what is printed.
        const test::Outcome good =
            estate.world.run({"verify", "--jwks", estate.directory / "jwtdomain/jwks/staging.json", "--signature-only",
                              "--format", "json", "@" + entry.path().string()});
        CHECK(good.status == 0);
        std::ifstream in(entry.path());
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        CHECK(with.out.find(text.substr(0, 40)) == std::string::npos);
        const test::Outcome inspected = estate.world.run({"inspect", "--format", "json", "@" + entry.path().string()});
        const auto claims = nlohmann::json::parse(inspected.out)["token"]["claims"]["json"];
        CHECK(claims.at("exp").get<std::int64_t>() - claims.at("iat").get<std::int64_t>() <= 60);
    }
    CHECK(tokens == 2); // the replay, and the stolen key
}

TEST_CASE("audit/real-keys: not without a directory, not into a git work tree, and not with replay") {
    Leaky estate;
    CHECK(estate.world.run({"audit", "--real-keys"}).status == 2);
    CHECK(estate.world.run({"audit", "replay", estate.saved, "--real-keys", "--save-witnesses", estate.saved}).status ==
          2);
    const auto secret = write_private_jwk(estate.staging.key, {});
    REQUIRE(store::KeyStore(estate.directory / "state/jwtdomain")
                .add(estate.staging.key.public_key().thumbprint(), *secret));
    estate.put("tree/.git/HEAD", "ref: refs/heads/main\n");
    const test::Outcome refused =
        estate.world.run({"audit", "--save-witnesses", estate.directory / "tree/w", "--real-keys"});
    CHECK(refused.status == 3); // before anything is written
    CHECK(refused.err.find("git work tree") != std::string::npos);
    CHECK(!std::filesystem::exists(estate.directory / "tree/w"));
}
