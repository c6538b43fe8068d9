// The rules about what guards a resource as a whole: nothing, a cache that others fill, what nobody has signed.
#include "audit_estate.h"
#include "jwtdomain/audit/certificate.h"
#include "jwtdomain/gateway/gateway.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

TEST_CASE("audit/rules/run: RUN-02 two domains share what was verified") {
    AuditEstate estate;
    estate.paths["prod"]["dialect"] = estate.path()["dialect"] = "{cache: one}";
    CHECK(estate.rules().find("RUN-02") != std::string::npos);
    CHECK(estate.only("RUN-02").severity == Severity::critical);
    CHECK(estate.only("RUN-02").domains.size() == 2);
    estate.path()["dialect"] = "{cache: another}";
    CHECK(estate.rules() == "");
    estate.paths["prod"].erase("dialect");
    CHECK(estate.rules() == "");
}

TEST_CASE("audit/rules/run: RUN-02 the cache of one Apache, of whose hosts each is another domain's") {
    AuditEstate estate;
    const auto rules_with = [&](const std::string& of_prod, const std::string& of_staging) {
        std::string text;
        for (const std::string name : {"prod", "staging"}) {
            estate.files["https://auth." + name + ".example/jwks"] =
                key_set({name == "prod" ? prod_key() : staging_key()});
            text += "<VirtualHost *:443>\nServerName " + name + ".example\n<Location />\nAuthType oauth2\n" +
                    "OAuth2TokenVerify jwks_uri https://auth." + name + ".example/jwks" +
                    (name == "prod" ? of_prod : of_staging) + "\n</Location>\n</VirtualHost>\n";
        }
        policy::Policy policy = estate.policy();
        policy.verifiers.clear();
        for (const std::string name : {"prod", "staging"}) {
            const auto import = gateway::read({.file = "httpd.conf", .text = text}, "apache",
                                              {.name_space = {}, .host = name + ".example", .labels = {}});
            REQUIRE(import);
            auto verifiers = gateway::verifiers_of(*import, name);
            REQUIRE(verifiers);
            for (auto& each : *verifiers) policy.verifiers.push_back(std::move(each));
        }
        const Estate made = estate.estate(policy);
        EphemeralKeys keys;
        std::map<std::string_view, Severity> out;
        for (const RuleFinding& each : check_rules({.estate = made, .findings = prove(made, keys)}))
            out.emplace(each.rule, each.severity);
        return out;
    };
    const auto any = rules_with("\nRequire valid-user", "\nRequire valid-user");
    REQUIRE(any.count("RUN-02") == 1);
    CHECK(any.at("RUN-02") == Severity::critical);
    // Each asks for its own issuer each time, or has a cache of its own.
    CHECK(rules_with("\nRequire oauth2_claim iss:https://auth.prod.example",
                     "\nRequire oauth2_claim iss:https://auth.staging.example")
              .count("RUN-02") == 0);
    CHECK(rules_with(" verify.cache=a\nRequire valid-user", " verify.cache=b\nRequire valid-user").count("RUN-02") ==
          0);
}

TEST_CASE("audit/rules/run: RUN-03 claims of what nobody has verified") {
    AuditEstate estate;
    estate.path()["keys"] = "none";
    CHECK(estate.rules() == "ALG-01 RUN-03");
    CHECK(estate.only("RUN-03").severity == Severity::critical);
    CHECK(estate.only("RUN-03").attacker == Attacker::outsider);
    estate.path()["keys"] = "jwks/staging.json";
    CHECK(estate.rules() == "");
    estate.path() = {{"keys", "none"}, {"issuer", "any"}, {"audience", "any"}, {"expiry", "required"}};
    CHECK(estate.rules().find("RUN-03") == std::string::npos); // it asks for nothing
    CHECK(estate.rules().find("ALG-01") != std::string::npos);
}

TEST_CASE("audit/rules/run: RUN-04 nothing guards it") {
    AuditEstate open;
    // Beside the one that is guarded there is one that takes every request.
    policy::Policy policy = open.policy();
    policy::DeclaredVerifier internal;
    internal.domain = "prod";
    internal.name = "internal";
    internal.guard = accept::Entry::Guard::open;
    internal.why = "no rule matches /internal";
    policy.verifiers.push_back(internal);
    const Estate proved = open.estate(policy);
    EphemeralKeys keys;
    const Findings findings = prove(proved, keys);
    const auto found = check_rules({.estate = proved, .findings = findings});
    REQUIRE(found.size() == 1);
    CHECK(found.front().rule == "RUN-04");
    CHECK(found.front().severity == Severity::critical);
    CHECK(found.front().attacker == Attacker::outsider);
    CHECK(found.front().message.find("no rule matches /internal") != std::string::npos);
    internal.guard = accept::Entry::Guard::opaque; // which nobody calls open
    policy.verifiers.back() = internal;
    const Estate opaque = open.estate(policy);
    CHECK(check_rules({.estate = opaque, .findings = prove(opaque, keys)}).empty());
}

TEST_CASE("audit/rules/run: RUN-05 who is calling stands in a header that anybody can write") {
    AuditEstate estate;
    const auto with = [&](const std::string& input) {
        estate.verifier = "    unsigned: [{" + input + "}]\n";
        return estate.rules();
    };
    CHECK(with("from: header, name: X-User, decides: subject") == "RUN-05");
    CHECK(estate.only("RUN-05").severity == Severity::high);
    CHECK(estate.only("RUN-05").message.find("takes the subject from the header X-User") != std::string::npos);
    CHECK(with("from: token, name: roles, decides: scope") == "RUN-05");
    CHECK(with("from: header, name: X-User, decides: subject, protected_by: mTLS of the gateway") == "");
    CHECK(with("from: header, name: X-User, decides: subject, must_equal: sub") == "");
    CHECK(with("from: header, name: X-Tenant, decides: domain").find("RUN-05") == std::string::npos);
}

TEST_CASE("audit/rules/run: RUN-05 of what is open, and worse where a foreign token gets in") {
    AuditEstate estate;
    estate.paths.clear();
    estate.further = "verifiers:\n  - {domain: staging, guard: open, why: it is behind the gateway,"
                     " unsigned: [{from: header, name: X-User, decides: subject}]}\n";
    CHECK(estate.rules().find("RUN-05") != std::string::npos);
    CHECK(estate.rules().find("RUN-04") != std::string::npos);
    AuditEstate crossing;
    crossing.path()["keys"] = "[jwks/staging.json, jwks/prod.json]";
    crossing.path()["issuer"] = crossing.path()["audience"] = "any";
    crossing.path()["claims"] = "{}";
    crossing.verifier = "    unsigned: [{from: path, name: tenant, decides: subject}]\n";
    CHECK(crossing.only("RUN-05").severity == Severity::critical);
}

TEST_CASE("audit/rules/run: CLM-02 the domain is what an unsigned part of the request says") {
    AuditEstate estate;
    const auto with = [&](const std::string& input) {
        estate.verifier = "    unsigned: [{" + input + "}]\n";
        return estate.rules();
    };
    CHECK(with("from: header, name: X-Tenant, decides: domain") == "CLM-02");
    CHECK(estate.only("CLM-02").severity == Severity::high);
    CHECK(with("from: path, name: tenant, decides: domain, must_equal: tid") == "");
    CHECK(with("from: header, name: X-Tenant, decides: domain, protected_by: the gateway writes it") == "");
    CHECK(with("from: query, name: user, decides: subject").find("CLM-02") == std::string::npos);
    estate.verifier.clear();
    CHECK(estate.rules() == "");
}

TEST_CASE("audit/rules/run: nothing is proved of a service that believes what nobody has signed") {
    AuditEstate estate;
    const auto verdict_with = [&](const std::string& input) {
        estate.verifier = "    unsigned: [{" + input + "}]\n";
        Verdict out{};
        estate.prove_and([&](const Estate& known, const Findings& findings) {
            out = verdict_of(known, findings, Attacker::insider);
            const auto certificate = certify(known, findings, Attacker::insider, {});
            REQUIRE(certificate);
            CHECK(certificate->services.size() == (out == Verdict::isolated ? 2 : 1));
            for (std::size_t s = 0; s < known.services.size(); ++s) {
                if (known.services[s].name != "guard-staging") continue;
                const Cell cell = findings.cell(known, 1 - known.services[s].domain, s);
                CHECK((cell.unknown == Attacker::outsider) == (out == Verdict::not_proven)); // in the matrix, too
            }
        });
        return out;
    };
    CHECK(verdict_with("from: header, name: X-Tenant, decides: domain") == Verdict::not_proven);
    CHECK(verdict_with("from: header, name: X-User, decides: subject") == Verdict::not_proven);
    CHECK(verdict_with("from: header, name: X-Tenant, decides: domain, must_equal: tid") == Verdict::isolated);
}
