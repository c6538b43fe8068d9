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

TEST_CASE("audit/estate: whose metadata leads to the keys decides which they are, however its URL is written") {
    for (const char* issuer : {"https://auth.staging.example", "https://auth.staging.example/",
                               "https://auth.staging.example//", "https://AUTH.staging.example",
                               "https://auth.staging.example:443", "https://auth.staging.example/realms/a"}) {
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

TEST_CASE("audit/estate: where names are read in any case, another claim may be the issuer") {
    AuditEstate estate;
    estate.paths["prod"]["keys"] = "[jwks/prod.json, jwks/staging.json]";
    estate.paths["prod"]["audience"] = "any";
    estate.paths["prod"].erase("claims");
    const auto cell = [&] {
        Cell out;
        estate.prove_and([&](const Estate& made, const Findings& findings) {
            for (std::size_t s = 0; s < made.services.size(); ++s) {
                if (made.name(made.services[s].domain) == "prod")
                    out = findings.cell(made, made.name(0) == "staging" ? 0 : 1, s);
            }
        });
        return out;
    };
    estate.domains["staging"]["issue"] = "{claims: {ISS: any}, other_claims: false}";
    CHECK(!cell().unknown);
    estate.paths["prod"]["dialect"] = "{any_case: [iss]}";
    CHECK(cell().unknown == Attacker::replay);
    estate.domains["staging"]["issue"] = "{other_claims: true}";
    CHECK(cell().unknown == Attacker::replay);
    estate.domains["staging"]["issue"] = "{claims: {ISSU: any}, other_claims: false}";
    CHECK(!cell().unknown);
    estate.domains["staging"].erase("issue"); // nothing is said of what it issues
    CHECK(cell().unknown == Attacker::replay);
    estate.paths["prod"]["dialect"] = "{any_case: [aud]}";
    CHECK(!cell().unknown);
}

TEST_CASE("audit/estate: a trust edge excuses no token that anybody writes") {
    AuditEstate estate;
    estate.further = "trust:\n  - {from: staging, to: prod, audience: deploy, scopes: [d], reason: r, owner: o, "
                     "expires: 2024-01-01}\n";
    estate.paths["prod"]["issuer"] = "https://auth.staging.example";
    estate.paths["prod"]["audience"] = "{any_of: [deploy], subset_of: [deploy]}";
    estate.paths["prod"]["claims"] = "{scope: {all_in: [d], shape: words}}";
    estate.paths["prod"]["dialect"] = "{none: accepted}";
    estate.prove_and([](const Estate& made, const Findings& findings) {
        const std::size_t staging = made.name(0) == "staging" ? 0 : 1;
        for (std::size_t s = 0; s < made.services.size(); ++s) {
            if (made.services[s].domain == staging) continue;
            CHECK(findings.cell(made, staging, s).leak == Attacker::outsider);
            // Of the attacker's domain, whichever it is taken to be, an edge changes nothing.
            const auto edges = trust_edges(made, staging, s);
            REQUIRE(edges.size() == 1);
            const Mintable nobody = mintable(made.domain(staging), staging, Attacker::outsider);
            CHECK(check(made, nobody, made.services[s].entry->paths.front(), edges).overlaps());
        }
    });
}

TEST_CASE("audit/estate: a trust edge excuses what the issuer gives, and no thief of its key") {
    AuditEstate estate;
    estate.domains["staging"]["issue"] = "{audiences: [https://api.staging.example, deploy], scopes: [d]}";
    estate.further = "trust:\n  - {from: staging, to: prod, audience: deploy, scopes: [d], reason: r, owner: o, "
                     "expires: 2024-01-01}\n";
    estate.paths["prod"]["keys"] = "jwks/staging.json";
    estate.paths["prod"]["issuer"] = "https://auth.staging.example";
    estate.paths["prod"]["audience"] = "{any_of: [deploy], subset_of: [deploy]}";
    estate.paths["prod"]["claims"] = "{scope: {all_in: [d], shape: words}}";
    estate.prove_and([](const Estate& made, const Findings& findings) {
        const std::size_t staging = made.name(0) == "staging" ? 0 : 1;
        for (std::size_t s = 0; s < made.services.size(); ++s) {
            if (made.services[s].domain == staging) continue;
            const Cell cell = findings.cell(made, staging, s);
            CHECK(cell.declared);
            CHECK(cell.leak == Attacker::stolen_key);
        }
        CHECK(depths_of(made, findings).nearest.survives_theft == false);
    });
}

namespace {

// Of staging's tokens into prod.
Cell into_prod(const AuditEstate& estate) {
    Cell out;
    estate.prove_and([&](const Estate& made, const Findings& findings) {
        const std::size_t staging = made.name(0) == "staging" ? 0 : 1;
        for (std::size_t s = 0; s < made.services.size(); ++s) {
            if (made.services[s].domain != staging) out = findings.cell(made, staging, s);
        }
    });
    return out;
}

} // namespace

TEST_CASE("audit/estate: a claim that stands in for aud may be a list, as aud may be") {
    AuditEstate estate;
    estate.domains["staging"]["audiences"] = "[https://a.example, https://b.example]";
    estate.domains["staging"]["audience_fallback"] = "[resource]";
    estate.domains["staging"]["issue"] = "{other_claims: false}";
    estate.further = "claims: {domain: none}\n";
    estate.paths["staging"].erase("claims");
    estate.paths["prod"]["keys"] = "jwks/staging.json";
    estate.paths["prod"]["issuer"] = "any";
    estate.paths["prod"]["audience"] = "any";
    estate.paths["prod"]["claims"] = "{resource: {has_all: [https://a.example, https://b.example]}}";
    CHECK(into_prod(estate).leak <= std::optional(Attacker::insider));
    REQUIRE(into_prod(estate).leak.has_value());
    estate.paths["prod"]["claims"] = "{resource: {has_all: [https://a.example, https://c.example]}}";
    CHECK(into_prod(estate).leak == Attacker::stolen_key);
}

TEST_CASE("audit/estate: what is not said of somebody else's issuer is not known of it") {
    AuditEstate estate;
    estate.domains["staging"]["foreign"] = "true";
    estate.paths["prod"]["keys"] = "jwks/staging.json";
    estate.paths["prod"]["issuer"] = "https://auth.staging.example";
    estate.paths["prod"].erase("claims");
    for (const char* issue : {"", "{}", "{scopes: [a]}", "{claims: {role: [reader]}}"}) {
        CAPTURE(issue);
        estate.domains["staging"].erase("issue");
        if (*issue != '\0') estate.domains["staging"]["issue"] = issue;
        const Cell cell = into_prod(estate);
        CHECK((cell.leak || cell.unknown));
    }
    estate.domains["staging"]["issue"] = "{audiences: [https://api.staging.example]}";
    CHECK(into_prod(estate).leak == Attacker::stolen_key);
    CHECK(!into_prod(estate).unknown);
    estate.paths["prod"]["audience"] = "any"; // which types it has cannot be said
    estate.paths["prod"]["types"] = "[JWT]";
    CHECK(into_prod(estate).unknown == Attacker::replay);
}
