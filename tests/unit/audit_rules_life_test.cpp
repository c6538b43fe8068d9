// Rules about how long tokens live, who may use them, who gets them, and refresh tokens.
#include "audit_estate.h"
#include "audit_policy_estate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

TEST_CASE("audit/lif: LIF-01 tokens without end, or with a late one") {
    CHECK(rules_of({.path = {"expiry: optional"}}) == Rules{"LIF-01"});
    CHECK(rules_of({.path = {"expiry: unchecked"}}) == Rules{"LIF-01"});
    CHECK(rules_of({.path = {"longest_life: 1h"}}) == Rules{"LIF-01"});
    CHECK(rules_of({.path = {"longest_life: 10m"}}) == Rules{});
    CHECK(rules_of({.path = {"expiry: optional", "longest_life: 10m"}}) == Rules{}); // which needs exp
    CHECK(rules_of({.path = {"expiry: unchecked", "longest_life: 10m"}}) == Rules{"LIF-01"});
    CHECK(rules_of({.path = {"longest_remaining: 3650d"}}) == Rules{"LIF-01"});
    CHECK(rules_of({.domain = {"lifetime: 1h"}, .path = {"longest_life: 1h"}}) == Rules{});
    std::string claims = claims_with(kIss, kAud);
    claims.replace(claims.find("1700000300"), 10, "1702592000");
    CHECK(rules_of({.tokens = {token_of(claims)}}) == Rules{"LIF-01"});
    CHECK(rules_of({.tokens = {token_of("{\"iss\":" + kIss + "}")}}) == Rules{"LIF-01"});
    // From nbf, where there is no iat.
    const auto from_nbf = [](const std::string& expires) {
        return token_of("{\"iss\":" + kIss + ",\"aud\":" + kAud + R"(,"domain":"staging","nbf":1700000000,"exp":)" +
                        expires + "}");
    };
    CHECK(rules_of({.tokens = {from_nbf("1700000300")}}) == Rules{});
    CHECK(rules_of({.tokens = {from_nbf("1702592000")}}) == Rules{"LIF-01"});
}

TEST_CASE("audit/lif: LIF-01 a path that does not look at how long a token lives") {
    AuditEstate estate;
    CHECK(estate.rules() == "");
    estate.path().erase("longest_life");
    CHECK(estate.rules() == "LIF-01");
    CHECK(estate.only("LIF-01").severity == Severity::medium); // its issuer keeps to the lifetime
    estate.path()["longest_remaining"] = "10m";
    CHECK(estate.rules() == "");
}

TEST_CASE("audit/lif: LIF-02 clocks") {
    CHECK(rules_of({.path = {"leeway: 1h"}}) == Rules{"LIF-02"});
    CHECK(rules_of({.path = {"leeway: 1m"}}) == Rules{});
    const std::string with_nbf = "required: [iat, nbf, sub, jti]";
    CHECK(rules_of({.domain = {with_nbf}}) == Rules{"LIF-02"});
    CHECK(rules_of({.domain = {with_nbf}, .path = {"not_before: checked"}}) == Rules{});
}

TEST_CASE("audit/lif: LIF-03 tokens that should be bound to a key") {
    CHECK(rules_of({.domain = {"sender_constraint: dpop"}}) == Rules{"LIF-03"});
    CHECK(rules_of({.domain = {"sender_constraint: dpop"}, .path = {"required: [/cnf/jkt]"}}) == Rules{});
    CHECK(rules_of({.domain = {"sender_constraint: dpop"}, .verifiers = false}) == Rules{});
}

TEST_CASE("audit/lif: LIF-04 the caller chooses the domain") {
    CHECK(rules_of({.domain = {"issue: {audiences: any}"}}) == Rules{"LIF-04"});
    CHECK(rules_of({.domain = {"issue: {audiences: [https://api.staging.example, https://api.prod.example]}"}}) ==
          Rules{"LIF-04"});
    CHECK(rules_of({.domain = {"issue: {audiences: [https://api.staging.example]}"}}) == Rules{});
    const auto edge = [](const std::string& from, const std::string& to) {
        return "  - {from: " + from + ", to: " + to + ", kind: rfc8693, reason: r, owner: o}\n";
    };
    // There and back is declared both ways; only three domains make a way that is not.
    CHECK(rules_of({.tail = "exchange:\n" + edge("staging", "prod") + edge("prod", "staging")}) == Rules{});
    AuditEstate estate;
    estate.add_third();
    CHECK(estate.rules() == "");
    estate.further = "exchange:\n" + edge("staging", "third");
    CHECK(estate.rules() == "");
    estate.further += edge("third", "prod");
    CHECK(estate.rules() == "LIF-04");
    CHECK(estate.only("LIF-04").domains == std::vector<std::size_t>{2}); // over which it goes
    CHECK(estate.only("LIF-04").severity == Severity::critical);
    estate.further += edge("staging", "prod"); // declared
    CHECK(estate.rules() == "");
}

TEST_CASE("audit/ref: REF-01 refresh tokens that are bound to nobody") {
    CHECK(rules_of({.domain = {"refresh: {mode: rotate}"}}) == Rules{"REF-01"});
    CHECK(rules_of({.domain = {"refresh: {mode: rotate}", "clients: {app: {type: public}}"}}) == Rules{});
    CHECK(rules_of({.domain = {"refresh: {mode: off}"}}) == Rules{});
}

TEST_CASE("audit/ref: REF-02 replay of refresh tokens") {
    const std::string clients = "clients: {app: {type: public}}";
    const auto rules = [&](const std::string& refresh, const std::string& profile) {
        return rules_of({.domain = {clients, "refresh: " + refresh, "profile: " + profile}});
    };
    CHECK(rules("{mode: rotate}", "fapi2") == Rules{"REF-02"});
    CHECK(rules("{mode: bind}", "fapi2") == Rules{});
    CHECK(rules("{mode: rotate, grace: 5m}", "none") == Rules{"REF-02"});
    CHECK(rules("{mode: bind}", "none") == Rules{});
    CHECK(rules("{mode: off}", "fapi2") == Rules{});
}

TEST_CASE("audit/ref: REF-03 refresh tokens without end") {
    const std::string clients = "clients: {app: {type: public}}";
    const auto rules = [&](const std::string& refresh) {
        return rules_of({.domain = {clients, "refresh: " + refresh}});
    };
    CHECK(rules("{mode: rotate, absolute: 365d}") == Rules{"REF-03"});
    CHECK(rules("{mode: rotate, idle: 30d, absolute: 30d}") == Rules{"REF-03"});
    CHECK(rules("{mode: rotate, idle: 7d, absolute: 30d}") == Rules{});
    CHECK(rules("{mode: off, absolute: 365d}") == Rules{});
}
