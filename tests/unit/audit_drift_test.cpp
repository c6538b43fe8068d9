// The deployment against the policy: each constraint that a verifier leaves out is found by a token, each that it adds
// too, and where there is no difference none is told.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "audit_estate.h"
#include "jwtdomain/audit/drift.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using jwtdomain::audit::test::AuditEstate;
using Told = Drift::Verdict;

namespace {

// A verifier of staging that asks for all that the policy asks for.
AuditEstate faithful() {
    AuditEstate out;
    auto& path = out.path();
    path = {{"keys", "jwks/staging.json"},
            {"algorithms", "[ES256]"},
            {"types", "[at+jwt]"},
            {"issuer", "https://auth.staging.example"},
            {"audience", "{any_of: [https://api.staging.example], subset_of: [https://api.staging.example]}"},
            {"expiry", "required"},
            {"not_before", "checked"},
            {"issued_at", "checked"},
            {"leeway", "30s"},
            {"longest_life", "10m"},
            {"claims", "{domain: staging}"},
            {"required", "[sub, jti, iat]"}};
    out.domains["staging"]["lifetime"] = "10m";
    return out;
}

Drift drift_of(const AuditEstate& estate) {
    const policy::Policy policy = estate.policy();
    policy::Policy alone = policy;
    alone.verifiers.clear();
    const Estate declared = estate.estate(alone), deployed = estate.estate(policy);
    EphemeralKeys keys;
    for (Drift& drift : find_drift(declared, deployed, keys)) {
        if (deployed.name(deployed.services[drift.service].domain) == "staging") return std::move(drift);
    }
    FAIL("there is no service of staging");
    return {};
}

std::string told(const Drift& drift, bool wider) {
    std::set<std::string> out;
    for (const Difference& each : drift.differences) {
        if (each.wider == wider) out.insert(each.what);
    }
    std::string text;
    for (const std::string& each : out) text += each + "\n";
    return text;
}

} // namespace

TEST_CASE("audit/drift: what asks for the same is the same") {
    const Drift drift = drift_of(faithful());
    CAPTURE(told(drift, true));
    CAPTURE(told(drift, false));
    for (const Change& change : drift.looser) MESSAGE(change.what << ": " << change.before << " -> " << change.after);
    CHECK(drift.verdict == Told::same);
    CHECK(drift.differences.empty());
}

TEST_CASE("audit/drift: a service that guards a part of several resources is held against each") {
    const std::string host = "    resource: https://api.staging.example";
    for (const std::string& place :
         {std::string(), host + "\n", host + "/admin\n", host + "/admin\n    methods: [GET]\n"}) {
        CAPTURE(place);
        AuditEstate estate = faithful();
        estate.domains["staging"]["resources"] =
            "[{uri: 'https://api.staging.example/admin', methods: {GET: [admin], DELETE: [admin]}}]";
        estate.verifier = place;
        const Drift drift = drift_of(estate);
        CHECK(drift.verdict == (place.empty() ? Told::not_proven : Told::wider));
        CHECK((told(drift, true).find("scope is ") != std::string::npos) == !place.empty());
    }
}

TEST_CASE("audit/drift: what guards a place or a method that the policy does not know is no less than wider") {
    AuditEstate estate = faithful();
    estate.domains["staging"]["resources"] = "[{uri: 'https://api.staging.example/a', methods: {GET: []}}]";
    const auto verdict = [&](const std::string& place) {
        estate.verifier = "    resource: https://api.staging.example" + place;
        return drift_of(estate).verdict;
    };
    CHECK(verdict("/a\n    methods: [GET]\n") == Told::same);
    CHECK(verdict("/a\n    methods: [DELETE]\n") == Told::wider);
    CHECK(verdict("/b\n") == Told::wider);
    CHECK(verdict("/a\n    methods: [GET, DELETE]\n") == Told::not_proven);
    CHECK(verdict("/a\n") == Told::not_proven);
}

TEST_CASE("audit/drift: each constraint that is left out is found by a token") {
    const struct {
        const char *field, *value, *token;
    } kLeftOut[] = {
        {"issuer", "any", "iss is another\n"},
        {"audience", "any", "aud is another\n"},
        {"audience", "[https://api.staging.example]", "aud names https://api.staging.example and another\n"},
        {"types", "any", "typ is absent\n"},
        {"types", "[at+jwt, absent]", "typ is absent\n"},
        {"expiry", "optional", ""}, // longest_life asks for exp
        {"longest_life", "1h", "it lives 3600 s\n"},
        {"leeway", "10m", "it expired "},
        {"not_before", "unchecked", "nbf is in an hour\n"},
        {"issued_at", "unchecked", "iat is in an hour\n"},
        {"claims", "{domain: [staging, elsewhere]}", "domain is another\n"},
        {"keys", "[jwks/staging.json, jwks/prod.json]", "it is signed with the key prod-1\n"},
        {"issuer_optional", "true", "iss is absent\n"},
    };
    for (const auto& left_out : kLeftOut) { // clang captures no bindings
        const char *const field = left_out.field, *const value = left_out.value, *const token = left_out.token;
        CAPTURE(field);
        CAPTURE(value);
        AuditEstate estate = faithful();
        estate.path()[field] = value;
        const Drift drift = drift_of(estate);
        CAPTURE(told(drift, true));
        CHECK(drift.verdict == (*token ? Told::wider : Told::not_proven));
        CHECK(told(drift, true).find(token) != std::string::npos);
        CHECK(!drift.looser.empty());
        for (const Difference& each : drift.differences) CHECK(!each.token.empty());
    }
}

TEST_CASE("audit/drift: what is asked for besides refuses tokens that the policy accepts") {
    const struct {
        const char *field, *value;
    } kMore[] = {{"claims", "{domain: staging, tier: gold}"},
                 {"issuer", "https://auth.elsewhere.example"},
                 {"audience", "{any_of: [https://api.elsewhere.example], subset_of: [https://api.elsewhere.example]}"},
                 {"types", "[JWT]"},
                 {"longest_life", "30s"}};
    for (const auto& more : kMore) {
        const char *const field = more.field, *const value = more.value;
        CAPTURE(field);
        AuditEstate estate = faithful();
        estate.path()[field] = value;
        const Drift drift = drift_of(estate);
        CHECK(!told(drift, false).empty());
    }
    AuditEstate other_key = faithful();
    other_key.path()["keys"] = "jwks/prod.json";
    const Drift drift = drift_of(other_key);
    CHECK(told(drift, false) == "it is signed with the key staging-1\n");
    CHECK(told(drift, true) == "it is signed with the key prod-1\n");
}

TEST_CASE("audit/drift: what is not modelled is not proven, what is open takes everything") {
    AuditEstate dropped = faithful();
    dropped.path()["dropped"] = "[a script]";
    CHECK(drift_of(dropped).verdict == Told::not_proven);
    CHECK(drift_of(dropped).why.find("a script") != std::string::npos);
    AuditEstate narrower = faithful();
    narrower.path()["types"] = "[at+jwt]";
    narrower.path()["required"] = "[sub, jti, iat, client_id]";
    CHECK(drift_of(narrower).verdict == Told::narrower);
}
