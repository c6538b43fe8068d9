// How policies become services, and what reports call them.
#include "audit_estate.h"
#include "jwtdomain/audit/check.h"
#include "jwtdomain/audit/depth.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

namespace {

std::vector<std::string> fingerprints_of(const AuditEstate& estate) {
    std::vector<std::string> out;
    estate.prove_and([&](const Estate& made, const Findings& findings) {
        for (const RuleFinding& finding : check_rules({.estate = made, .findings = findings}))
            out.push_back(fingerprint(made, finding));
        for (const Crossing& crossing : findings.crossings) out.push_back(fingerprint(made, crossing));
    });
    return out;
}

} // namespace

TEST_CASE("audit/estate: paths that share a cache accept what any of them does, whatever they are called") {
    AuditEstate estate;
    for (const char* name : {"prod", "staging"}) estate.paths[name]["dialect"] = "{cache: gateway}";
    const auto leaks = [&] {
        std::size_t confirmed = 0;
        estate.prove_and([&](const Estate&, const Findings& findings) {
            for (const Crossing& crossing : findings.crossings)
                confirmed += crossing.status == Crossing::Status::confirmed && crossing.attacker == Attacker::replay;
        });
        return confirmed;
    };
    CHECK(leaks() == 2);
    for (const char* name : {"prod", "staging"}) estate.paths[name]["name"] = "the only path";
    CHECK(leaks() == 2);
    estate.paths["prod"]["dialect"] = "{cache: another}";
    CHECK(leaks() == 0);
}

TEST_CASE("audit/estate: what anybody can write is shown for a domain that is not the service's own") {
    for (const char* name : {"prod", "staging"}) {
        AuditEstate estate;
        estate.paths[name]["dialect"] = "{none: accepted}";
        estate.prove_and([](const Estate& made, const Findings& findings) {
            REQUIRE(!findings.crossings.empty());
            const Crossing& crossing = findings.crossings.front();
            CHECK(crossing.attacker == Attacker::outsider);
            CHECK(crossing.source != made.services[crossing.service].domain);
            CHECK(depths_of(made, findings).nearest.edits == 0u); // nothing need fail
        });
    }
}

TEST_CASE("audit/estate: whose metadata leads to the keys decides which they are, with and without a slash") {
    for (const char* issuer : {"https://auth.staging.example", "https://auth.staging.example/"}) {
        AuditEstate estate;
        estate.paths["prod"]["keys"] = "{jwks: jwks/prod.json, metadata_issuer: '" + std::string(issuer) + "'}";
        estate.prove_and([&](const Estate& made, const Findings& findings) {
            const std::size_t staging = made.name(0) == "staging" ? 0 : 1;
            for (std::size_t s = 0; s < made.services.size(); ++s) {
                const Cell cell = findings.cell(made, staging, s);
                if (made.services[s].domain != staging) CHECK(cell.leak == Attacker::hostile_issuer);
            }
            CHECK(controls(made.domain(staging), {.location = "x", .owner = {}, .metadata_issuer = issuer}));
        });
    }
}

TEST_CASE("audit/estate: a trust edge excuses no token where the policy would refuse it") {
    AuditEstate estate;
    const std::string resources = "[{uri: 'https://api.prod.example/deploy', methods: {POST: [deploy]}}, "
                                  "{uri: 'https://api.prod.example/admin', methods: {DELETE: [admin]}}]";
    estate.domains["prod"]["resources"] = resources;
    estate.domains["staging"]["issue"] = "{audiences: [https://api.prod.example], scopes: [deploy]}";
    estate.further = "trust:\n  - {from: staging, to: prod, audience: https://api.prod.example, scopes: [deploy], "
                     "reason: r, owner: o, expires: 2024-01-01}\n";
    AuditEstate::Fields& path = estate.paths["prod"];
    path["keys"] = "[jwks/prod.json, jwks/staging.json]";
    path["issuer"] = "[https://auth.prod.example, https://auth.staging.example]";
    path.erase("claims");
    const auto leaks_at = [&](const std::string& lines) {
        estate.prod_verifier = lines;
        std::optional<Attacker> leak;
        estate.prove_and([&](const Estate& made, const Findings& findings) {
            const std::size_t staging = made.name(0) == "staging" ? 0 : 1;
            for (std::size_t s = 0; s < made.services.size(); ++s) {
                if (made.services[s].domain != staging && made.services[s].entry != nullptr)
                    leak = findings.cell(made, staging, s).leak;
            }
        });
        return leak;
    };
    const std::string host = "    resource: https://api.prod.example";
    CHECK(leaks_at(host + "/deploy\n") > Attacker::insider);
    CHECK(leaks_at(host + "/deploy\n    methods: [POST]\n") > Attacker::insider);
    // What lies below two is judged by the longer, at each of its methods.
    estate.domains["prod"]["resources"] = "[{uri: 'https://api.prod.example/deploy', methods: {POST: [deploy]}}, "
                                          "{uri: 'https://api.prod.example', methods: {POST: [admin]}}]";
    CHECK(leaks_at(host + "/deploy\n    methods: [POST]\n") > Attacker::insider);
    CHECK(leaks_at(host + "\n    methods: [POST]\n") <= Attacker::insider);
    estate.domains["prod"]["resources"] = resources;
    // Where the policy takes nothing, it excuses nothing.
    CHECK(leaks_at(host + "/deploy\n    methods: [GET]\n") <= Attacker::insider);
    CHECK(leaks_at(host + "/other\n") <= Attacker::insider);
    for (const std::string& reached : {host + "/admin\n", host + "/admin/\n", host + "/admin/users\n", host + "\n",
                                       host + "/admin\n    methods: [DELETE]\n", std::string()}) {
        CAPTURE(reached);
        CHECK(leaks_at(reached) <= Attacker::insider);
    }
}

TEST_CASE("audit/estate: what an exchange gives stands in the claim that its issuer writes the audience into") {
    AuditEstate estate;
    estate.add_third();
    AuditEstate::Fields& third = estate.domains["third"];
    third["audience_fallback"] = "[client_id]";
    third["audiences"] = "[own]";
    third["audience_optional"] = "true";
    estate.further = "exchange: [{from: staging, to: third, audience: other, kind: rfc8693, reason: r, owner: o}]\n";
    AuditEstate::Fields& path = estate.paths["prod"];
    path["keys"] = "jwks/third.json";
    path["issuer"] = "any";
    path["audience"] = "any";
    path["types"] = "any";
    path["claims"] = "{client_id: [other]}";
    estate.prove_and([&](const Estate& made, const Findings& findings) {
        for (std::size_t d = 0; d < made.policy->domains.size(); ++d) {
            for (std::size_t s = 0; s < made.services.size(); ++s) {
                if (made.name(d) != "staging" || made.name(made.services[s].domain) != "prod") continue;
                CHECK(findings.cell(made, d, s).leak <= Attacker::insider);
            }
        }
    });
}

TEST_CASE("audit/estate: a path that asks whose key it is holds against a thief of another's key") {
    AuditEstate estate;
    const auto of = [](const std::string& name) { return R"(,"issuer":"https://auth.)" + name + R"(.example")"; };
    estate.files["jwks/all.json"] = key_set({staging_key("staging-1", of("staging")), prod_key("prod-1", of("prod"))});
    estate.path()["keys"] = "jwks/all.json";
    const auto weakest = [&] {
        std::optional<Attacker> out;
        estate.prove_and([&](const Estate& made, const Findings& findings) { out = findings.cell(made, 0, 1).leak; });
        return out;
    };
    CHECK(weakest() == Attacker::stolen_key);
    estate.path()["key_issuer"] = "checked";
    CHECK(!weakest());
    estate.path()["issuer"] = "any"; // whoever has prod's key signs for prod's issuer
    CHECK(weakest() == Attacker::stolen_key);
    // By no key both ways: by staging's for want of it, by prod's for want of the issuer. That is one fact.
    estate.path()["issuer"] = "https://auth.staging.example";
    estate.prove_and([](const Estate& made, const Findings&) {
        const Check answer =
            check(made, mintable(made.domain(0), 0, Attacker::stolen_key), made.services.at(1).entry->paths.at(0));
        REQUIRE(answer.separators.size() == 1);
        CHECK(answer.separators[0].field == Field::signing);
    });
}

TEST_CASE("audit/estate: fingerprints do not change with lines that are added elsewhere") {
    AuditEstate estate;
    estate.path()["issuer"] = "any";
    estate.path()["keys"] = "[jwks/staging.json, jwks/prod.json]";
    const std::vector<std::string> before = fingerprints_of(estate);
    CHECK(before.size() >= 4); // rules, and a crossing
    estate.further = "# a comment\n\n# and another\n";
    CHECK(fingerprints_of(estate) == before);
}

TEST_CASE("audit/estate: of many who hold a key, each is judged by what it is to that domain") {
    AuditEstate estate;
    estate.files["jwks/shared.json"] = key_set({third_key("shared-1")});
    estate.files["jwks/encrypt.json"] = key_set({third_key("shared-1", R"(,"use":"enc")")});
    estate.paths["prod"]["keys"] = "[jwks/prod.json, jwks/shared.json]";
    for (int i = 0; i < 200; ++i) {
        const std::string name = "m" + std::to_string(i);
        estate.domains[name] = {{"domain", name},
                                {"issuer", "https://auth." + name + ".example"},
                                {"audiences", "[https://api." + name + ".example]"},
                                {"jwks", i % 2 == 0 ? "jwks/shared.json" : "jwks/encrypt.json"}};
    }
    estate.prove_and([&](const Estate& made, const Findings& findings) {
        for (std::size_t s = 0; s < made.services.size(); ++s) {
            if (made.name(made.services[s].domain) != "prod" || made.services[s].state != Service::State::guarded)
                continue;
            for (std::size_t d = 0; d < made.policy->domains.size(); ++d) {
                const Cell cell = findings.cell(made, d, s);
                CAPTURE(made.name(d));
                const std::string& keys = made.domain(d).keys.value;
                CHECK((cell.leak == Attacker::stolen_key) == keys.ends_with("shared.json"));
                CHECK((cell.unknown == Attacker::stolen_key) == keys.ends_with("encrypt.json"));
            }
        }
    });
}
