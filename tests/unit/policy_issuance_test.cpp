// Whatever is issued for a domain is accepted by the path that the domain is lowered into, and by no other.
#include <doctest/doctest.h>

#include <random>

#include "jwtdomain/accept/judge.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/jwt/mint.h"
#include "jwtdomain/policy/issuance.h"
#include "jwtdomain/policy/load.h"
#include "jwtdomain/policy/lower.h"
#include "policy_memory.h"

using namespace jwtdomain;
using namespace jwtdomain::policy;

namespace {

constexpr Time kNow = 1'700'000'000;

Policy two_domains(const std::string& prod) {
    const std::string kRest = "\njwks: jwks/x.json\n";
    auto policy = load(
        "p", test::reader_of(
                 {{"p/policy.yaml", "version: 1\n"},
                  {"p/domains/prod.yaml", "domain: prod\nissuer: https://auth.prod.example.com" + kRest + prod},
                  {"p/domains/staging.yaml", "domain: staging\nissuer: https://auth.staging.example.com\naudiences: "
                                             "[https://api.staging.example.com]" +
                                                 kRest}}));
    if (!policy) FAIL(describe(policy.error()) << " " << policy.error().hint);
    return std::move(*policy);
}

// Both domains with the same key, so that nothing but the claims keeps them apart.
class Court {
public:
    explicit Court(const Policy& policy) : policy_(policy) {}

    std::string mint(const Domain& domain, const ClaimsPlan& plan) const {
        const std::string header =
            write_header({.algorithm = "ES256", .kid = "k", .type = token_type(domain), .further = {}});
        std::string claims, token;
        plan.append(claims, TokenIds().next());
        Minter minter(Signer::make(key_, Algorithm::ES256).value(), header);
        REQUIRE(minter.mint(claims, token).has_value());
        return token;
    }

    std::string verdict(const std::string& domain, const std::string& token, Time now) const {
        const auto verifier = lower(policy_, *policy_.find(domain), [&](const KeyLocation&) -> Result<JwkSet> {
            JwkSet set;
            set.keys.push_back({.key = key_.public_key()});
            set.keys.back().metadata.kid = "k";
            return set;
        });
        accept::Judge judge(verifier);
        accept::TokenReadings readings;
        readings.reset(token);
        std::string codes;
        for (const Finding& finding : judge.decide(readings, {.now = now}).findings)
            codes += std::string(info(finding.reason).code) + " ";
        return codes.empty() ? "accepted" : codes;
    }

private:
    const Policy& policy_;
    PrivateKey key_ = PrivateKey::generate(KeyType::p256).value();
};

const std::vector<std::string> kShapes{
    "audiences: [https://api.prod.example.com]\n",
    "audiences: [a, b, c]\nneutral_audiences: [account]\nissue: {audiences: any}\n",
    "audiences: [a]\ntypes: [JWT, absent]\nclaims: {domain: none}\n",
    "audiences: [a]\ntypes: [absent]\nclaims: {domain: /ctx/zone, scope: /ctx/scopes}\n",
    "audiences: [a]\nmatch: {tenant: acme, /realm/name: blue}\nlifetime: 1h\nissue: {lifetime: 7m}\n",
    "audiences: [a]\ntypes: any\nrequired: [iss, exp]\ndomain_value: P\n",
    "audiences: []\naudience_optional: true\n",
    "audiences: [a]\nclients: {web: {type: public, scopes: [read]}}\nissue: {scopes: [read, write]}\n",
};

} // namespace

TEST_CASE("policy/issuance: what is issued is accepted at home and refused next door, whatever the policy's shape") {
    std::mt19937 random(4711);
    const auto coin = [&] { return random() % 2 == 0; };
    for (const std::string& shape : kShapes) {
        CAPTURE(shape);
        const Policy policy = two_domains(shape);
        const Domain& domain = *policy.find("prod");
        const Court court(policy);
        std::size_t issued = 0;
        for (int round = 0; round < 60; ++round) {
            IssueRequest request;
            request.subject = "user " + std::to_string(random());
            if (coin()) request.lifetime = 1 + static_cast<Seconds>(random() % 900);
            if (coin()) request.not_before = kNow - 100 + static_cast<Time>(random() % 1000);
            if (coin()) request.scopes = {coin() ? "read" : "read write"};
            for (const std::string& audience : domain.audiences) {
                if (coin()) request.audiences.push_back(audience);
            }
            if (coin()) request.audiences.emplace_back("account");
            if (coin()) request.claims.push_back({"note", json::quote("\xc3\xa9 \" \\ \x01")});
            if (coin()) request.claims.push_back({"tenant", coin() ? "\"acme\"" : "\"other\""});
            if (coin() && !domain.clients.empty()) request.client = "web";
            const auto plan = plan_claims(domain, request, kNow);
            if (!plan) {
                CHECK(plan.error().fault == Fault::usage);
                continue;
            }
            ++issued;
            REQUIRE(plan->for_home);
            const std::string token = court.mint(domain, *plan);
            CAPTURE(token);
            CHECK(court.verdict("prod", token, std::max(kNow, request.not_before.value_or(kNow))) == "accepted");
            CHECK(court.verdict("prod", token, plan->expires + domain.leeway) != "accepted");
            const std::string next_door = court.verdict("staging", token, kNow);
            CHECK(next_door.find("iss-mismatch") != std::string::npos);
        }
        CHECK(issued >= 3);
    }
}

TEST_CASE("policy/issuance: claims that were not foreseen cannot smuggle in a fixed one") {
    const Policy policy = two_domains("audiences: [a]\nclaims: {domain: /ctx/zone}\n");
    const Domain& domain = *policy.find("prod");
    for (const char* name : {"iss", "aud", "sub", "exp", "nbf", "iat", "jti", "client_id", "scope", "ctx"}) {
        const auto plan = plan_claims(domain, {.subject = "s", .claims = {{name, "1"}}}, kNow);
        REQUIRE_FALSE(plan.has_value());
        CHECK(plan.error().fault == Fault::usage);
    }
    // JSON text that would close the object, or bring a second value.
    for (const char* json : {"1,\"iss\":\"x\"", "1}", "", "{\"a\":1}{", "\"\xff\"", "[1,]", "01"}) {
        CHECK_FALSE(plan_claims(domain, {.subject = "s", .claims = {{"x", json}}}, kNow).has_value());
    }
    CHECK_FALSE(plan_claims(domain, {.subject = "s", .claims = {{"x", "1"}, {"x", "2"}}}, kNow).has_value());
    CHECK_FALSE(plan_claims(domain, {.subject = "s\xff", .claims = {}}, kNow).has_value());
    CHECK(plan_claims(domain, {.subject = "s", .claims = {{"x", '"' + std::string(600'000, 'x') + '"'}}}, kNow)
              .error()
              .fault == Fault::limit);
}

TEST_CASE("policy/issuance: a trust edge's audience is issued only if the profile has it") {
    const Policy strict = two_domains("audiences: [a]\n");
    CHECK_FALSE(
        plan_claims(*strict.find("prod"), {.subject = "s", .audiences = {"https://api.staging.example.com"}}, kNow)
            .has_value());
    const Policy open = two_domains("audiences: [a]\nissue: {audiences: [a, 'https://api.staging.example.com']}\n");
    const auto plan =
        plan_claims(*open.find("prod"), {.subject = "s", .audiences = {"https://api.staging.example.com"}}, kNow);
    REQUIRE(plan.has_value());
    CHECK_FALSE(plan->for_home);
    CHECK(plan_claims(*open.find("prod"), {.subject = "s"}, kNow)->for_home);
}
