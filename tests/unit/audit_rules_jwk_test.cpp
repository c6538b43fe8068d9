// The rules about key sets.
#include "audit_estate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

TEST_CASE("audit/rules/jwk: JWK-01 one kid twice in a set") {
    AuditEstate estate;
    estate.files["jwks/staging.json"] = key_set({staging_key("1"), third_key("1")});
    CHECK(estate.rules() == "JWK-01");
    CHECK(estate.only("JWK-01").severity == Severity::medium);
    estate.files["jwks/staging.json"] = key_set({staging_key("1"), rsa("1", 0)}); // alternatives (RFC 7517 4.5)
    CHECK(estate.only("JWK-01").severity == Severity::info);
    estate.files["jwks/staging.json"] = key_set({staging_key("1"), staging_key("1")}); // one key
    CHECK(estate.rules() == "");
    estate.files["jwks/staging.json"] = key_set({staging_key("1"), third_key("2")});
    CHECK(estate.rules() == "");
}

TEST_CASE("audit/rules/jwk: JWK-02 one set of two domains") {
    AuditEstate estate;
    estate.domains["staging"]["jwks"] = "jwks/prod.json";
    CHECK(estate.rules() == "JWK-02 KEY-01");
    AuditEstate apart; // the same keys, but not the same place
    apart.files["jwks/staging.json"] = apart.files["jwks/prod.json"];
    CHECK(apart.rules() == "KEY-01");
    AuditEstate unread;
    unread.domains["prod"]["jwks"] = unread.domains["staging"]["jwks"] = "https://keys.example/all.json";
    CHECK(unread.rules() == "JWK-02");
}

TEST_CASE("audit/rules/jwk: JWK-02 a path with the keys of another domain") {
    AuditEstate estate;
    estate.path()["keys"] = "[jwks/staging.json, jwks/prod.json]";
    CHECK(estate.rules() == "ISS-04 JWK-02");
    CHECK(estate.only("JWK-02").severity == Severity::high); // by stolen keys
    estate.path()["issuer"] = "any";
    estate.path()["audience"] = "any";
    estate.path().erase("claims");
    CHECK(estate.only("JWK-02").severity == Severity::critical);

    AuditEstate federated; // a path of its own, with a declared edge
    federated.path()["keys"] = "jwks/prod.json";
    CHECK(federated.rules() == "JWK-02");
    federated.further = "trust:\n  - {from: prod, to: staging, audience: https://api.staging.example, scopes: [read],"
                        " reason: r, owner: o, expires: 2027-01-01}\n";
    CHECK(federated.rules() == "");
}

TEST_CASE("audit/rules/jwk: JWK-06 a key for another issuer than the path's") {
    const auto with_issuer = [](const std::string& of_key, const std::string& of_path) {
        AuditEstate estate;
        estate.files["jwks/staging.json"] = key_set({staging_key("staging-1", R"(,"issuer":")" + of_key + '"')});
        estate.path()["issuer"] = of_path;
        return estate.rules();
    };
    CHECK(with_issuer("https://login.example/consumers/v2.0", "https://login.example/tenant-a/v2.0") == "JWK-06");
    CHECK(with_issuer("https://login.example/tenant-a/v2.0", "https://login.example/tenant-a/v2.0") == "");
    CHECK(with_issuer("https://login.example/{tenantid}/v2.0", "https://login.example/tenant-a/v2.0") == "");
    CHECK(with_issuer("https://login.example/{tenantid}/v2.0", "https://login.example/a/b/v2.0") == "JWK-06");
    CHECK(with_issuer("https://login.example/{tenantid}/v2.0", "any") == "ISS-01 JWK-06");
}

TEST_CASE("audit/rules/jwk: JWK-06 a path that asks for the issuer of the key") {
    AuditEstate estate; // Storm-0558: the keys of consumers and enterprises in one set
    estate.files["jwks/all.json"] = key_set({staging_key("staging-1", R"(,"issuer":"https://auth.staging.example")"),
                                             prod_key("prod-1", R"(,"issuer":"https://auth.prod.example")")});
    estate.path()["keys"] = "jwks/all.json";
    estate.files["jwks/staging.json"] =
        key_set({staging_key("staging-1", R"(,"issuer":"https://auth.staging.example")")});
    estate.files["jwks/prod.json"] = key_set({prod_key("prod-1", R"(,"issuer":"https://auth.prod.example")")});
    CHECK(estate.rules() == "ISS-04 JWK-06");
    estate.path()["key_issuer"] = "checked";
    CHECK(estate.rules() == "");
    estate.path()["issuer"] = "any";
    CHECK(estate.rules() == "ISS-01"); // still no token of prod's issuer passes for another
}

TEST_CASE("audit/rules/jwk: JWK-05 metadata of another issuer") {
    const auto with = [](const std::string& metadata, const std::string& issuer) {
        AuditEstate estate;
        estate.path()["keys"] = "{jwks: jwks/staging.json, metadata_issuer: '" + metadata + "'}";
        estate.path()["issuer"] = issuer;
        return estate.rules();
    };
    const std::string own = "https://auth.staging.example";
    CHECK(with(own + "/", own) == "JWK-05");
    CHECK(with("https://AUTH.staging.example", own) == "JWK-05");
    CHECK(with(own, own) == "");
    CHECK(with(own, "any") == "ISS-01");
    CHECK(with(own + "/", "any") == "ISS-01 JWK-05");
    CHECK(with(own, "[" + own + ", https://old.staging.example]") == "");
}

TEST_CASE("audit/rules/jwk: JWK-07 several keys tried on one token") {
    AuditEstate estate;
    estate.files["jwks/staging.json"] = key_set({staging_key("1"), third_key("2")});
    CHECK(estate.rules() == "");
    for (const char* rule : {"hint", "ignored"}) {
        estate.path()["kid"] = rule;
        CHECK(estate.rules() == "JWK-07");
    }
    estate.files["jwks/staging.json"] = key_set({staging_key("1")});
    CHECK(estate.rules() == ""); // there is nothing to choose
}

TEST_CASE("audit/rules/jwk: JWK-04 keys from elsewhere") {
    const auto severity = [](const std::string& place) -> std::optional<Severity> {
        AuditEstate estate;
        estate.path()["keys"] = place;
        for (const RuleFinding& finding : estate.findings()) {
            if (finding.rule == "JWK-04") return finding.severity;
        }
        return std::nullopt;
    };
    CHECK(severity("http://auth.staging.example/jwks.json") == Severity::high);
    for (const std::string host : {"127.0.0.1", "localhost:8080", "10.1.2.3", "192.168.0.1", "172.16.9.9",
                                   "169.254.169.254", "'[::1]'", "0.0.0.0"}) {
        CAPTURE(host);
        const bool quoted = host.front() == '\'';
        const std::string plain = quoted ? host.substr(1, host.size() - 2) : host;
        CHECK(severity("'https://" + plain + "/jwks.json'") == Severity::high);
    }
    CHECK(severity("https://keys.elsewhere.example/jwks.json") == Severity::medium);
    CHECK(severity("https://auth.staging.example/jwks.json") == std::nullopt);
    CHECK(severity("https://172.32.0.1.example/jwks.json") == Severity::medium); // a name
    CHECK(severity("jwks/staging.json") == std::nullopt);
    AuditEstate declared;
    declared.path()["keys"] = declared.domains["staging"]["jwks"] = "https://keys.elsewhere.example/jwks.json";
    for (const RuleFinding& finding : declared.findings()) CHECK(finding.rule != "JWK-04");
}

TEST_CASE("audit/rules/jwk: JWK-03 a key that the domain has removed is still taken") {
    AuditEstate estate;
    estate.files["jwks/before.json"] = key_set({third_key("staging-0"), staging_key()});
    estate.domains["staging"]["earlier_jwks"] = "[jwks/before.json]";
    CHECK(estate.rules() == ""); // nobody takes it any more; the other one is still published
    estate.path()["keys"] = "[jwks/staging.json, jwks/before.json]";
    CHECK(estate.rules() == "JWK-03");
    CHECK(estate.only("JWK-03").severity == Severity::high);
    CHECK(estate.only("JWK-03").message.find("is in jwks/before.json and is no longer published") != std::string::npos);
    estate.domains["staging"].erase("earlier_jwks");
    CHECK(estate.rules() == ""); // then it is a key of which nobody says that it was removed
}

TEST_CASE("audit/rules/jwk: JWK-03 another domain takes it, and its thief gets in there") {
    AuditEstate estate;
    estate.files["jwks/before.json"] = key_set({third_key("prod-0")});
    estate.domains["prod"]["earlier_jwks"] = "[jwks/before.json]";
    estate.path()["keys"] = "[jwks/staging.json, jwks/before.json]";
    CHECK(estate.only("JWK-03").domains == std::vector<std::size_t>{0});
    estate.prove_and([](const Estate& known, const Findings& findings) {
        REQUIRE(known.keys[0].removed.size() == 1);
        CHECK(verdict_of(known, findings, Attacker::stolen_key) != Verdict::isolated);
    });
}

TEST_CASE("audit/rules/jwk: JWK-03 an earlier set that cannot be read proves nothing") {
    AuditEstate estate;
    estate.domains["prod"]["earlier_jwks"] = "[jwks/gone.json]";
    estate.prove_and([](const Estate& known, const Findings& findings) {
        CHECK(known.keys[0].unread.find("jwks/gone.json") != std::string::npos);
        CHECK(verdict_of(known, findings, Attacker::stolen_key) != Verdict::isolated);
    });
}
