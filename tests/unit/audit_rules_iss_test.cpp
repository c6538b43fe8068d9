// Rules about issuers and the keys behind them: each fires, is silent on the near miss, and where it does not apply.
#include "audit_estate.h"
#include "audit_policy_estate.h"
#include "jwtdomain/gateway/gateway.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

TEST_CASE("audit/iss: a clean estate, with verifiers and without, has no finding") {
    CHECK(rules_of({}) == Rules{});
    CHECK(rules_of({.verifiers = false}) == Rules{});
    CHECK(rules_of({.tokens = {token_of(claims_with(kIss, kAud))}}) == Rules{});
}

TEST_CASE("audit/iss: ISS-01 an issuer that nobody looks at") {
    CHECK(rules_of({.path = {"issuer: any"}}) == Rules{"ISS-01"});
    CHECK(severity_of({.path = {"issuer: any"}}, "ISS-01") == Severity::medium); // keys and claims are its own
    CHECK(rules_of({.path = {"issuer_optional: true"}}) == Rules{"ISS-01"});     // or only where it is there
    const Texts leak{.domain = {"jwks: jwks/prod.json"},
                     .path = {"keys: jwks/prod.json", "issuer: any", "audience: any", "claims: {}"}};
    CHECK(rules_of(leak) == Rules{"AUD-01", "CLM-01", "ISS-01", "ISS-06", "JWK-02", "KEY-01"});
    CHECK(severity_of(leak, "ISS-01") == Severity::critical);
    CHECK(rules_of({.path = {"issuer_optional: false"}}) == Rules{});
    CHECK(rules_of({.path = {"issuer: [https://auth.staging.example, https://old.staging.example]"}}) == Rules{});
    // Without verifiers the policy speaks, and other claims may say whose a token is.
    CHECK(rules_of({.domain = {"issuer_optional: true"}, .verifiers = false}) == Rules{"ISS-01"});
    CHECK(rules_of({.domain = {"issuer_optional: true", "match: {azp: [app]}"}, .verifiers = false}) == Rules{});
}

TEST_CASE("audit/iss: ISS-02 a pattern that holds more than the issuer") {
    CHECK(rules_of({.path = {"issuer: {prefix: 'https://auth.staging.example'}"}}) == Rules{"ISS-02"});
    CHECK(rules_of({.path = {"issuer: {prefix: 'https://auth.'}"}}) == Rules{"ISS-02", "ISS-03"});
    // A name that anybody can register follows the prefix, or stands where a dot was not escaped.
    CHECK(severity_of({.path = {"issuer: {prefix: 'https://auth.staging.example'}"}}, "ISS-02") == Severity::critical);
    CHECK(severity_of({.path = {"issuer: {regex: '^https://auth.staging.example$'}"}}, "ISS-02") == Severity::critical);
    CHECK(severity_of({.path = {"issuer: {prefix: 'https://auth.staging.example/'}"}}, "ISS-02") == Severity::high);
    // The language is one string.
    CHECK(rules_of({.path = {R"(issuer: {regex: '^https://auth\.staging\.example$'})"}}) == Rules{});
    CHECK(rules_of({.path = {"issuer: [https://auth.staging.example]"}}) == Rules{});
}

TEST_CASE("audit/iss: ISS-03 the issuer of another domain") {
    const std::string both = "issuer: [https://auth.staging.example, https://auth.prod.example]";
    CHECK(rules_of({.path = {both}}) == Rules{"ISS-03"});
    CHECK(severity_of({.path = {both}}, "ISS-03") == Severity::high);
    const std::string edge = "trust:\n  - {from: prod, to: staging, audience: 'https://orders.staging.example', "
                             "scopes: [read], reason: r, owner: o, expires: 2030-01-01T00:00:00Z}\n";
    CHECK(rules_of({.path = {both}, .tail = edge}) == Rules{});
    CHECK(rules_of({.path = {"issuer: [https://auth.staging.example, https://partner.example]"}}) == Rules{});
}

TEST_CASE("audit/iss: ISS-04 keys of two domains in one path") {
    CHECK(rules_of({.path = {"keys: [jwks/staging.json, jwks/prod.json]"}}) == Rules{"ISS-04", "JWK-02"});
    CHECK(rules_of({.path = {"keys: [jwks/staging.json, jwks/staging.json]"}}) == Rules{});
    CHECK(rules_of({.path = {"keys: [jwks/staging.json, jwks/partner.json]"}}) == Rules{});
}

TEST_CASE("audit/iss: ISS-05 an issuer that is not a string") {
    CHECK(rules_of({.path = {"dialect: {issuer_array: accepted}"}}) == Rules{"ISS-05"});
    CHECK(rules_of({.tokens = {token_of(claims_with("[" + kIss + ",\"https://evil.example\"]", kAud))}}) ==
          Rules{"ISS-05"});
    CHECK(rules_of({.tokens = {token_of(claims_with(kIss, "[" + kAud + "]"))}}) == Rules{});
    CHECK(rules_of({.path = {"dialect: {issuer_array: refused}"}}) == Rules{});
}

TEST_CASE("audit/iss: ISS-09 a token of an unknown issuer passes as none") {
    AuditEstate estate;
    CHECK(estate.rules() == "");
    estate.verifier = "    unknown_issuer: anonymous\n";
    CHECK(estate.rules() == "ISS-09");
    CHECK(estate.only("ISS-09").severity == Severity::critical);
    CHECK(estate.only("ISS-09").attacker == Attacker::outsider);
    estate.verifier = "    unknown_issuer: refused\n";
    CHECK(estate.rules() == "");
}

TEST_CASE("audit/iss: ISS-09 an Envoy to which a token that fails is none") {
    const auto rules_with = [](const std::string& beside) {
        const std::string text =
            "'@type': type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication\n"
            "providers: {p: {issuer: 'https://auth.prod.example', audiences: ['https://api.prod.example'], "
            "local_jwks: {filename: jwks/prod.json}}}\n"
            "rules: [{match: {prefix: /}, requires: " +
            beside + "}]\n";
        AuditEstate estate;
        policy::Policy policy = estate.policy();
        std::erase_if(policy.verifiers, [](const auto& each) { return each.domain == "prod"; });
        const auto import = gateway::read({.file = "envoy.yaml", .text = text}, "envoy", {});
        REQUIRE(import);
        auto verifiers = gateway::verifiers_of(*import, "prod");
        REQUIRE(verifiers);
        for (auto& each : *verifiers) policy.verifiers.push_back(std::move(each));
        const Estate made = estate.estate(policy);
        EphemeralKeys keys;
        std::set<std::string> out;
        for (const RuleFinding& each : check_rules({.estate = made, .findings = prove(made, keys)})) {
            out.emplace(each.rule);
            if (each.rule == "ISS-09") CHECK(each.severity == Severity::critical);
        }
        return out;
    };
    const std::set<std::string> failed{"ISS-09", "RUN-04"};
    CHECK(rules_with("{allow_missing_or_failed: {}}") == failed);
    CHECK(rules_with("{requires_any: {requirements: [{provider_name: p}, {allow_missing_or_failed: {}}]}}") == failed);
    CHECK(rules_with("{requires_any: {requirements: [{allow_missing: {}}, {allow_missing_or_failed: {}}]}}") == failed);
    // A missing token passes, a bad one does not.
    const std::set<std::string> missing{"RUN-04"};
    CHECK(rules_with("{requires_any: {requirements: [{provider_name: p}, {allow_missing: {}}]}}") == missing);
    CHECK(rules_with("{requires_all: {requirements: [{allow_missing_or_failed: {}}, {allow_missing: {}}]}}") ==
          missing);
    CHECK(rules_with("{provider_name: p}").count("ISS-09") == 0);
}

TEST_CASE("audit/iss: ISS-06 a template of tenants") {
    const std::string many = R"(issuer: {regex: '^https://login\.staging\.example/[a-z]+/v2$'})";
    CHECK(rules_of({.path = {many, "claims: {role: reader}"}}) == Rules{"ISS-02", "ISS-06"});
    CHECK(rules_of({.path = {many, "claims: {tid: [home]}"}}) == Rules{"CLM-07", "ISS-02"});
    CHECK(rules_of({.path = {many, "claims: {domain: {prefix: s}}"}}) == Rules{"ISS-02", "ISS-06"});
    CHECK(rules_of({.path = {"issuer: any", "claims: {}"}}) == Rules{"ISS-01", "ISS-06"});
    CHECK(rules_of({.path = {"issuer: any"}}) == Rules{"ISS-01"});
}

TEST_CASE("audit/iss: ISS-07 issuers that look alike") {
    CHECK(rules_of({.domain = {"issuer: https://auth.prod.example/"}}) == Rules{"ISS-07"});
    CHECK(severity_of({.domain = {"issuer: https://auth.prod.example:443"}}, "ISS-07") == Severity::medium);
    CHECK(rules_of({.domain = {"issuer: https://auth.prod.example.net"}}) == Rules{});
    CHECK(rules_of({.domain = {"issuer: https://auth.prod.example"}}) == Rules{"ISS-08"});
}

TEST_CASE("audit/iss: ISS-08 one issuer for two domains") {
    const std::string same = "issuer: https://auth.prod.example";
    CHECK(severity_of({.domain = {same}}, "ISS-08") == Severity::medium);
    CHECK(rules_of({.domain = {same, "audiences: [https://api.prod.example]"}}) == Rules{"AUD-03", "ISS-08"});
    CHECK(severity_of({.domain = {same, "audiences: [https://api.prod.example]"}}, "ISS-08") == Severity::high);
    // The same keys as well, and nothing else between them.
    const Texts leak{
        .domain = {same, "audiences: [https://api.prod.example]", "jwks: jwks/prod.json"},
        .path = {same, "audience: [https://api.prod.example]", "keys: jwks/prod.json", "claims: {role: reader}"}};
    CHECK(rules_of(leak) == Rules{"AUD-03", "CLM-01", "ISS-08", "JWK-02", "KEY-01"});
    CHECK(severity_of(leak, "ISS-08") == Severity::critical);
    CHECK(rules_of({.domain = {"issuer: https://auth2.staging.example"}}) == Rules{});
}
