// Rules about the claims that bind a token to a domain, a subject or a workload.
#include "audit_policy_estate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

TEST_CASE("audit/clm: CLM-01 the domain claim does not tell domains apart") {
    CHECK(rules_of({.domain = {"domain_value: pr0d"}}) == Rules{});
    CHECK(rules_of({.domain = {"domain: pr0d"}, .verifiers = false}) == Rules{"CLM-01"});
    const std::string same = "issuer: https://auth.prod.example";
    CHECK(rules_of({.domain = {same}, .path = {same, "claims: {role: reader}"}}) == Rules{"CLM-01", "ISS-08"});
    CHECK(rules_of({.domain = {same}, .path = {same}}) == Rules{"ISS-08"});
    CHECK(rules_of({.path = {"claims: {role: reader}"}}) == Rules{}); // the issuer is its own
    std::string claims = claims_with(kIss, kAud);
    claims.replace(claims.find("\"domain\":\"staging\""), 18, "\"domain\":\"prod\"");
    CHECK(rules_of({.tokens = {token_of(claims)}}) == Rules{"CLM-01"});
}

TEST_CASE("audit/clm: CLM-03 people known by what each issuer writes as it likes") {
    const std::string two = "issuer: [https://auth.staging.example, https://old.staging.example]";
    CHECK(rules_of({.path = {two, "principal: [email]"}}) == Rules{"CLM-03"});
    CHECK(severity_of({.path = {two, "principal: [email]"}}, "CLM-03") == Severity::high);
    CHECK(rules_of({.path = {two, "principal: [sub]"}}) == Rules{"CLM-03"});
    CHECK(severity_of({.path = {two, "principal: [iss, email]"}}, "CLM-03") == Severity::medium);
    CHECK(rules_of({.path = {two, "principal: [iss, sub]"}}) == Rules{});
    CHECK(rules_of({.path = {two, "principal: [tid, oid]"}}) == Rules{});
    CHECK(rules_of({.path = {"principal: [email]"}}) == Rules{}); // of one issuer
    CHECK(rules_of({.path = {two}}) == Rules{});                  // it is not said
    const std::string same = "issuer: https://auth.prod.example"; // whose tenants are told apart by the domain claim
    CHECK(rules_of({.domain = {same}, .path = {same, "principal: [email]"}}) == Rules{"ISS-08"});
    CHECK(rules_of({.domain = {same}, .path = {same, "principal: [email]", "claims: {role: reader}"}}) ==
          Rules{"CLM-01", "CLM-03", "ISS-08"});
}

TEST_CASE("audit/clm: CLM-04 a subject of several issuers") {
    const std::string two = "issuer: [https://auth.staging.example, https://old.staging.example]";
    CHECK(rules_of({.path = {two, "claims: {domain: staging, sub: orders}"}}) == Rules{"CLM-04"});
    CHECK(rules_of({.path = {"claims: {domain: staging, sub: orders}"}}) == Rules{});
    CHECK(rules_of({.path = {two}}) == Rules{});
    CHECK(rules_of({.path = {two, "claims: {domain: staging, sub: {prefix: 'spiffe://staging.example/'}}"}}) ==
          Rules{});
}

TEST_CASE("audit/clm: CLM-05 whose workload") {
    const std::string github = "issuer: https://token.actions.githubusercontent.com";
    const auto rules = [&](const std::string& claims) { return rules_of({.path = {github, "claims: " + claims}}); };
    const auto severity = [&](const std::string& claims) {
        return severity_of({.path = {github, "claims: " + claims}}, "CLM-05");
    };
    CHECK(rules("{}") == Rules{"CLM-05"});
    CHECK(severity("{}") == Severity::critical);
    CHECK(severity("{sub: {glob: 'repo:*'}}") == Severity::critical);
    CHECK(severity("{sub: {glob: 'repo:org/*'}}") == Severity::high);
    CHECK(rules("{sub: 'repo:org/app:environment:production'}") == Rules{});
    CHECK(rules("{sub: {glob: 'repo:org/*'}, repository: org/app}") == Rules{});
    CHECK(rules("{repository_owner: [org]}") == Rules{});
    CHECK(rules_of({.path = {"claims: {}"}}) == Rules{}); // an issuer that does not serve everybody
}

TEST_CASE("audit/clm: CLM-07 another name for the same claim") {
    CHECK(rules_of({.path = {"claims: {domain: staging, scp: {has_any: [read]}}"}}) == Rules{"CLM-07"});
    CHECK(rules_of({.path = {"claims: {domain: staging, scope: {has_any: [read]}}"}}) == Rules{});
    CHECK(rules_of({.path = {"claims: {tenant: staging}"}}) == Rules{"CLM-07"});
    CHECK(rules_of({.path = {"claims: {role: reader}"}}) == Rules{});
}

TEST_CASE("audit/clm: CLM-06 what is empty, or not there, is enough") {
    CHECK(rules_of({.path = {"claims: {domain: {in: [staging], optional: true}}"}}) == Rules{"CLM-06"});
    CHECK(severity_of({.path = {"claims: {domain: {in: [staging], optional: true}}"}}, "CLM-06") == Severity::high);
    // Scopes that are not there give none.
    CHECK(rules_of({.path = {"claims: {domain: staging, scope: {all_in: [read], shape: words, role: scope, optional: "
                             "true}}"}}) == Rules{});
    CHECK(rules_of({.path = {"claims: {domain: staging, tid: {present: true}}"}}) == Rules{});
}

TEST_CASE("audit/clm: CLM-08 the scopes that the policy asks for") {
    const std::string orders =
        "resources: [{uri: https://api.staging.example/orders, methods: {GET: [read], PUT: []}}]";
    CHECK(rules_of({.domain = {orders}}) == Rules{"CLM-08"});
    CHECK(severity_of({.domain = {orders}}, "CLM-08") == Severity::medium);
    CHECK(rules_of({.domain = {orders},
                    .path = {"claims: {domain: staging, scope: {has_all: [read], shape: words}}"}}) == Rules{});
    // Of another scope the policy knows nothing there; one of several is asked for.
    for (const char* test : {"has_any: [other]", "has_all: [other]", "has_any: [other, {prefix: write}]"}) {
        CAPTURE(test);
        CHECK(rules_of({.domain = {orders},
                        .path = {"claims: {domain: staging, scope: {" + std::string(test) + ", shape: words}}"}}) ==
              Rules{"CLM-08"});
    }
    for (const char* test : {"has_any: [other, read]", "has_any: [{prefix: re}]"}) {
        CAPTURE(test);
        CHECK(rules_of({.domain = {orders},
                        .path = {"claims: {domain: staging, scope: {" + std::string(test) + ", shape: words}}"}}) ==
              Rules{});
    }
    CHECK(rules_of({.domain = {"resources: [{uri: https://api.staging.example/orders}]"},
                    .path = {"claims: {domain: staging, scope: {has_any: [other], shape: words}}"}}) == Rules{});
    CHECK(rules_of({.domain = {"resources: [{uri: https://api.staging.example/orders}]"}}) == Rules{}); // asks for none
    CHECK(rules_of({.domain = {orders}, .verifiers = false}) == Rules{}); // the policy itself asks
}
