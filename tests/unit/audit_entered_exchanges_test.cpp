// What exchanges give to those who enter them in the name of another domain, and how near the tokens are that no trust
// edge speaks for.
#include <algorithm>

#include "audit_estate.h"
#include "jwtdomain/audit/certificate.h"
#include "jwtdomain/audit/depth.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

namespace {

const std::string kRfcKey = p256("third-1", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                                 "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"); // RFC 7515 appendix A.3
const std::string kExchange = "exchange: [{from: third, to: staging, kind: rfc8693, reason: r, owner: o}]\n";

// A third domain with that key, whose tokens staging's issuer exchanges.
AuditEstate with_exchange(const std::string& key) {
    AuditEstate estate;
    estate.files["jwks/third.json"] = key_set({key});
    estate.add_third();
    estate.further = kExchange;
    return estate;
}

// Of tokens of `source` at the service of staging, and whether a certificate covers it.
struct Answer {
    Cell cell;
    bool certified = false;
};

Answer at_staging(const AuditEstate& texts, const std::string& source) {
    Answer out;
    texts.prove_and([&](const Estate& estate, const Findings& findings) {
        const auto* const from = estate.policy->find(source);
        for (std::size_t s = 0; s < estate.services.size(); ++s) {
            if (estate.name(estate.services[s].domain) != "staging") continue;
            out.cell = findings.cell(estate, static_cast<std::size_t>(from - estate.policy->domains.data()), s);
        }
        const auto certificate = certify(estate, findings, Attacker::outsider, {});
        if (!certificate) FAIL(describe(certificate.error()));
        for (const auto& service : certificate->services) out.certified = out.certified || service.domain == "staging";
    });
    return out;
}

} // namespace

TEST_CASE("audit/public: who can sign as a domain has what its tokens are exchanged for") {
    const Answer known = at_staging(with_exchange(kRfcKey), "prod");
    CHECK(known.cell.leak == Attacker::outsider);
    CHECK(!known.certified);

    AuditEstate apart = with_exchange(kRfcKey);
    apart.further.clear();
    CHECK(!at_staging(apart, "prod").cell.leak);
    CHECK(at_staging(apart, "prod").certified);

    const AuditEstate secret = with_exchange(third_key("third-1"));
    CHECK(!at_staging(secret, "prod").cell.leak);
    CHECK(at_staging(secret, "prod").certified);
    CHECK(at_staging(secret, "third").cell.leak == Attacker::replay);
}

TEST_CASE("audit/public: a key among those that sign revocations is published, too, and its negative may be") {
    const char* const x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"; // RFC 7517 appendix A.1 and A.2
    AuditEstate estate = with_exchange(p256("third-1", x, "H7SaFdupJnh0rUyGQgQq4ReWEOHwOaSZppakkzH36Nw"));
    estate.further += "revocations: {file: revoked.jwt, keys: [jwks/revokers.json]}\n";
    for (const bool is_private : {false, true}) {
        const char* const d = R"(,"d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE")";
        estate.files["jwks/revokers.json"] =
            key_set({p256("revoker", x, "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", is_private ? d : "")});
        const Answer answer = at_staging(estate, "prod");
        CHECK(!answer.cell.leak);
        CHECK(answer.certified != is_private);
        CHECK(answer.cell.unknown == (is_private ? std::optional(Attacker::outsider) : std::nullopt));
    }
}

TEST_CASE("audit/entered: a key in common opens the other domain's exchanges to a thief") {
    AuditEstate estate = with_exchange(third_key("third-1"));
    CHECK(at_staging(estate, "prod").certified);
    estate.files["jwks/prod.json"] = key_set({prod_key(), third_key("prod-2")});
    estate.prove_and([](const Estate& made, const Findings& findings) {
        const std::size_t prod = made.name(0) == "prod" ? 0 : made.name(1) == "prod" ? 1 : 2;
        for (std::size_t s = 0; s < made.services.size(); ++s) {
            if (made.name(made.services[s].domain) == "staging")
                CHECK(findings.cell(made, prod, s).leak == Attacker::stolen_key);
        }
        CHECK(depths_of(made, findings).nearest.survives_theft == false);
        const auto certificate = certify(made, findings, Attacker::stolen_key, {});
        if (!certificate) FAIL(describe(certificate.error()));
        for (const auto& service : certificate->services) {
            if (service.domain == "staging")
                CHECK(std::find(service.except.begin(), service.except.end(), "prod") != service.except.end());
        }
    });
}

TEST_CASE("audit/entered: tokens that pass for another domain's enter its exchanges") {
    AuditEstate estate = with_exchange(third_key("third-1"));
    estate.files["jwks/prod.json"] = key_set({prod_key(), third_key("prod-2")});
    estate.domains["prod"]["issuer"] = "https://auth.third.example";
    estate.domains["prod"]["issue"] = "{audiences: [https://api.prod.example, https://api.third.example]}";
    estate.paths["prod"]["issuer"] = "https://auth.third.example";
    const auto weakest = [&] { return at_staging(estate, "prod").cell.leak; };
    CHECK(weakest() == Attacker::stolen_key); // the domain claim keeps them apart
    estate.further += "claims: {domain: none}\n";
    estate.paths["prod"].erase("claims");
    estate.paths["staging"].erase("claims");
    CHECK(weakest() == Attacker::insider);
}

TEST_CASE("audit/entered: what an exchange gives may enter the next, in another name") {
    AuditEstate estate;
    estate.add_third();
    estate.domains["fourth"] = estate.domains["third"]; // the same issuer
    estate.domains["fourth"]["domain"] = "fourth";
    estate.further = "claims: {domain: none}\nexchange:\n"
                     "  - {from: prod, to: third, kind: rfc8693, reason: r, owner: o}\n"
                     "  - {from: fourth, to: staging, kind: rfc8693, reason: r, owner: o}\n";
    for (const char* name : {"prod", "staging"}) estate.paths[name].erase("claims");
    CHECK(at_staging(estate, "prod").cell.leak == Attacker::replay);

    // What everybody can enter first leads on, too.
    estate.domains["fifth"] = estate.domains["third"];
    estate.domains["fifth"]["domain"] = "fifth";
    estate.domains["fifth"]["issuer"] = "https://auth.fifth.example";
    estate.domains["fifth"]["jwks"] = "jwks/fifth.json";
    estate.files["jwks/fifth.json"] = key_set({kRfcKey});
    estate.further.replace(estate.further.find("from: prod"), 10, "from: fifth");
    CHECK(at_staging(estate, "prod").cell.leak == Attacker::outsider);
}

TEST_CASE("audit/entered: whoever decides where a domain's keys are enters its exchanges") {
    AuditEstate estate = with_exchange(third_key("third-1"));
    estate.files["https://auth.prod.example/third.json"] = key_set({third_key("third-1")});
    estate.domains["third"]["jwks"] = "https://auth.prod.example/third.json";
    CHECK(at_staging(estate, "prod").cell.leak == Attacker::hostile_issuer);
}

TEST_CASE("audit/public: one fact is enough where only it keeps a trusted issuer's other tokens out") {
    AuditEstate estate;
    estate.further =
        "trust:\n  - {from: staging, to: prod, audience: https://api.prod.example, scopes: [a], reason: r, "
        "owner: o, expires: 2024-01-01}\n";
    estate.paths["prod"]["keys"] = "[jwks/prod.json, jwks/staging.json]";
    estate.paths["prod"]["issuer"] = "[https://auth.prod.example, https://auth.staging.example]";
    estate.paths["prod"].erase("claims");
    estate.domains["staging"]["issue"] = "{audiences: [https://api.prod.example], scopes: [a]}";
    estate.prove_and([](const Estate& made, const Findings& findings) {
        const Depth nearest = depths_of(made, findings).nearest;
        CHECK(findings.declared.size() == 1);
        CHECK(nearest.edits == 1u);
        REQUIRE(nearest.facts.size() == 1);
        CHECK(nearest.facts.front().field == Field::audience);
        CHECK(made.name(nearest.source) == "staging");
    });
}
