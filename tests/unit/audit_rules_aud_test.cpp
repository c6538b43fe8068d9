// Rules about audiences, kinds of tokens and how they are read.
#include "audit_policy_estate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

TEST_CASE("audit/aud: AUD-01 an audience that nobody looks at") {
    CHECK(rules_of({.path = {"audience: any"}}) == Rules{"AUD-01"});
    CHECK(severity_of({.path = {"audience: any"}}, "AUD-01") == Severity::medium); // the issuer is its own
    const std::string same = "issuer: https://auth.prod.example";
    const Texts leak{.domain = {same, "jwks: jwks/prod.json"},
                     .path = {same, "keys: jwks/prod.json", "audience: any", "claims: {role: reader}"}};
    CHECK(rules_of(leak) == Rules{"AUD-01", "CLM-01", "ISS-08", "JWK-02", "KEY-01"});
    CHECK(severity_of(leak, "AUD-01") == Severity::critical);
    CHECK(rules_of({.path = {"audience: [https://api.staging.example]"}}) == Rules{});
    CHECK(rules_of({.path = {"audience: {all_of: [https://api.staging.example]}"}}) == Rules{});
    CHECK(rules_of({.path = {"audience: absent"}}) == Rules{}); // there never is one
    CHECK(rules_of({.verifiers = false}) == Rules{});
}

TEST_CASE("audit/aud: AUD-02 an audience that may be missing") {
    CHECK(rules_of({.path = {"audience: {any_of: [https://api.staging.example], optional: true}"}}) == Rules{"AUD-02"});
    CHECK(rules_of({.path = {"audience: {any_of: [https://api.staging.example], optional: false}"}}) == Rules{});
    CHECK(rules_of({.path = {"audience: absent"}}) == Rules{});
    CHECK(rules_of({.domain = {"audience_optional: true"}, .verifiers = false}) == Rules{"AUD-02"});
    CHECK(rules_of({.domain = {"audience_optional: true", "match: {azp: [app]}"}, .verifiers = false}) == Rules{});
}

TEST_CASE("audit/aud: AUD-03 an audience of two domains") {
    const Texts shared{.domain = {"audiences: [https://api.prod.example]"}};
    CHECK(rules_of(shared) == Rules{"AUD-03"});
    CHECK(severity_of(shared, "AUD-03") == Severity::medium); // issuers and keys still keep them apart
    CHECK(rules_of({.domain = {"audiences: [https://api.prod.example/]"}}) == Rules{"AUD-03"});
    CHECK(rules_of({.domain = {"audiences: [https://api.prod.example/staging]"}}) == Rules{});
    CHECK(rules_of({.domain = {"neutral_audiences: [account]"}}) == Rules{});
}

TEST_CASE("audit/aud: AUD-04 one token for two domains") {
    const std::string two = R"(["https://api.staging.example","https://api.prod.example"])";
    CHECK(rules_of({.tokens = {token_of(claims_with(kIss, two))}}) == Rules{"AUD-04"});
    CHECK(severity_of({.tokens = {token_of(claims_with(kIss, two))}}, "AUD-04") == Severity::high);
    CHECK(rules_of({.tokens = {token_of(claims_with(kIss, "[" + kAud + ",\"account\"]"))}}) == Rules{});
    CHECK(rules_of({.path = {"audience: {all_of: [https://api.staging.example, https://api.prod.example]}"}}) ==
          Rules{"AUD-04"});
    CHECK(rules_of({.path = {"audience: {all_of: [https://api.staging.example]}"}}) == Rules{});
}

TEST_CASE("audit/aud: AUD-05 an audience that names too much") {
    CHECK(rules_of({.domain = {"audiences: [production]"}}) == Rules{"AUD-05"});
    CHECK(rules_of({.domain = {"audiences: [https://auth.staging.example]"}}) == Rules{"AUD-05"});
    CHECK(rules_of({.path = {"audience: ['*']"}}) == Rules{"AUD-05"});
    CHECK(rules_of({.domain = {"audiences: [https://reports.staging.example/]"}}) == Rules{});
    CHECK(rules_of({.domain = {"audiences: [orders]"}}) == Rules{});
}

TEST_CASE("audit/aud: AUD-06 an audience that is not compared as it is") {
    CHECK(rules_of({.path = {"audience: [{contains: api.staging.example}]"}}) == Rules{"AUD-06"});
    CHECK(rules_of({.path = {R"(audience: [{regex: '^https://api\.staging\.example$'}])"}}) == Rules{});
    CHECK(rules_of({.path = {"audience: [https://api.staging.example]"}}) == Rules{});
    // A loose comparison harms where two audiences meet in it.
    const std::string loose = "audience: {any_of: [https://api.staging.example], comparison: without_slash}";
    CHECK(rules_of({.path = {loose}}) == Rules{});
    CHECK(rules_of({.path = {"audience: {any_of: [https://api.prod.example/], comparison: without_slash}"}}) ==
          Rules{"AUD-06"});
    CHECK(rules_of({.tokens = {token_of(claims_with(kIss, "[" + kAud + ",7]"))}}) == Rules{"AUD-06"});
    CHECK(rules_of({.tokens = {token_of(claims_with(kIss, "\"a b\""))}}) == Rules{"AUD-06"});
}

TEST_CASE("audit/typ: TYP-01 a typ that is not looked at") {
    CHECK(rules_of({.path = {"types: any"}}) == Rules{"TYP-01"});
    CHECK(rules_of({.path = {"types: [JWT]"}}) == Rules{});
    CHECK(rules_of({.path = {"types: any", "claims: {domain: staging, token_use: access}"}}) == Rules{});
}

TEST_CASE("audit/typ: TYP-02 a token of another kind is taken") {
    CHECK(rules_of({.path = {"types: [at+jwt, logout+jwt]"}}) == Rules{"TYP-02"});
    const std::string id_token = token_of(claims_with(kIss, kAud, R"(,"nonce":"n")"), "JWT");
    CHECK(rules_of({.path = {"types: [JWT]"}, .tokens = {id_token}}) == Rules{"TYP-02"});
    CHECK(rules_of({.path = {"types: [at+jwt]"}, .tokens = {id_token}}) == Rules{});
    const std::string access = token_of(claims_with(kIss, kAud, R"(,"scope":"read")"), "JWT");
    CHECK(rules_of({.path = {"types: [JWT]"}, .tokens = {access}}) == Rules{});
}

TEST_CASE("audit/par: PAR-01 names that stand twice") {
    CHECK(rules_of({.path = {"dialect: {duplicates: last}"}}) == Rules{"PAR-01"});
    CHECK(rules_of({.path = {"dialect: {duplicates: reject}"}}) == Rules{});
    const Texts twice{.tokens = {token_of(claims_with(kIss, kAud, R"(,"iss":"https://auth.prod.example")"))}};
    CHECK(rules_of(twice).count("PAR-01") == 1);
    CHECK(severity_of(twice, "PAR-01") == Severity::critical);
    const std::string apart = token_of(claims_with(kIss, kAud, R"(,"a":{"x":1},"b":{"x":2})"));
    CHECK(rules_of({.tokens = {apart}}) == Rules{});
}

TEST_CASE("audit/par: PAR-02 tokens with several spellings") {
    CHECK(rules_of({.path = {"dialect: {base64: lenient}"}}) == Rules{"PAR-02"});
    CHECK(rules_of({.path = {"dialect: {base64: strict}"}}) == Rules{});
    CHECK(rules_of({.tokens = {token_of(claims_with(kIss, kAud)) + "=="}}) == Rules{"PAR-02"});
}
