// `triage`: what a leaked token or a stolen key opens.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "../support/estate.h"
#include "../support/golden.h"

using namespace jwtdomain;
using test::Estate;

namespace {

// The two-domain estate with a service of prod that takes what staging signs, whoever it is for.
const std::string kLeaky = R"(verifiers:
  - {domain: prod, name: gateway, accepts: [{keys: jwks/prod.json, issuer: https://auth.prod.example.com, audience: [https://api.prod.example.com], expiry: required}]}
  - domain: prod
    name: legacy
    resource: https://api.prod.example.com/legacy
    accepts: [{keys: [jwks/prod.json, jwks/staging.json], kid: hint, issuer: any, audience: any, expiry: optional}]
  - domain: staging
    name: gateway
    accepts: [{keys: jwks/staging.json, issuer: https://auth.staging.example.com, audience: [https://api.staging.example.com], expiry: required}]
)";

nlohmann::json json_of(const test::Outcome& outcome) { return nlohmann::json::parse(outcome.out); }

} // namespace

TEST_CASE("triage/token: a live token of staging, and the service of prod that takes it, too") {
    Estate estate(kLeaky);
    const test::Outcome text = estate.world.run({"triage", estate.staging.token()});
    CHECK(text.status == 1);
    CAPTURE(text.out);
    CHECK(test::first_line(text.out).rfind("LIVE until 2023-11-14T22:18:20Z (in 5 min): a token of staging", 0) == 0);
    CHECK(text.out.find("https://api.prod.example.com/legacy (legacy) of prod [policy]") != std::string::npos);
    CHECK(text.out.find("close https://api.prod.example.com/legacy") != std::string::npos);
    CHECK(test::widest_line(text.out) <= 80);
    const auto json = json_of(estate.world.run({"triage", "--format", "json", estate.staging.token()}));
    CHECK(json["state"] == "live");
    CHECK(json["domain"] == "staging");
    REQUIRE(json["accepted_by"].size() == 2);
    CHECK(json["accepted_by"][0]["service"] == "https://api.prod.example.com/legacy (legacy)");
    CHECK(json["accepted_by"][0]["verified"] == true);
}

TEST_CASE("triage/token: under an issuer that two domains share the domain claim says whose token it is") {
    Estate estate("exchange:\n  - {from: prod, to: staging, kind: rfc8693, reason: r, owner: o}\n");
    for (const char* name : {"prod", "staging"})
        estate.put(std::string("jwtdomain/domains/") + name + ".yaml",
                   std::string("domain: ") + name + "\nissuer: https://auth.example.com\naudiences: " +
                       "[https://api.example.com]\njwks: jwks/" + name + ".json\n");
    const auto triaged = [&](const std::string& more) {
        const std::string claims = R"({"iss":"https://auth.example.com","aud":"https://api.example.com","sub":"a")";
        const std::string token = test::sign(estate.prod.signer, estate.prod.header(),
                                             claims + R"(,"iat":1700000000,"exp":1700000300)" + more + "}");
        return json_of(estate.world.run({"triage", "--format", "json", token}));
    };
    const std::string exchange = "staging: the exchange prod -> staging gives tokens of it for those of prod";
    const auto prod = triaged(R"(,"domain":"prod")");
    CHECK(prod["domain"] == "prod");
    CHECK(prod["undecided"] == nlohmann::json::array({exchange}));
    const auto staging = triaged(R"(,"domain":"staging")"); // with the key of prod
    CHECK(staging["domain"] == "staging");
    CHECK(staging["undecided"].empty());
    const auto neither = triaged("");
    CHECK(neither["domain"] == "prod or staging");
    CHECK(neither["undecided"] == nlohmann::json::array({exchange}));
}

TEST_CASE("triage/token: no output of any kind makes the token usable") {
    Estate estate(kLeaky);
    const std::string token = estate.staging.token();
    const std::string signature = token.substr(token.rfind('.') + 1);
    for (const char* format : {"text", "json"})
        CHECK(estate.world.run({"triage", "--format", format, token}).out.find(signature) == std::string::npos);
}

TEST_CASE("triage/token: a scrubbed signature is said to be taken for granted, a wrong one opens nothing") {
    Estate estate(kLeaky);
    const std::string token = estate.staging.token();
    const std::size_t dot = token.rfind('.');
    for (const std::string& scrubbed : {token.substr(0, dot), token.substr(0, dot + 1), token.substr(0, dot + 9)}) {
        const auto json = json_of(estate.world.run({"triage", "--format", "json", scrubbed}));
        CAPTURE(scrubbed);
        CHECK(json["state"] == "live");
        CHECK(json["accepted_by"][0]["verified"] == false);
    }
    Estate other;
    const test::Outcome forged = estate.world.run({"triage", "--format", "json", other.staging.token()});
    CHECK(forged.status == 0);
    CHECK(json_of(forged)["state"] == "accepted-nowhere");
}

TEST_CASE("triage/token: of a token that is cut off in its claims it is not known who refuses it, nor when it ends") {
    Estate estate;
    const std::string token = estate.staging.token(), claims = token.substr(0, token.rfind('.'));
    for (std::size_t cut = 1; cut < 24; ++cut) { // in and behind "exp":1700000300
        const auto json =
            json_of(estate.world.run({"triage", "--format", "json", claims.substr(0, claims.size() - cut)}));
        CAPTURE(cut);
        CHECK(json["state"] == "unknown");
        CHECK(json.value("until", "") == "");
    }
}

TEST_CASE("triage/token: expired, not yet valid, without a policy") {
    Estate estate(kLeaky);
    const std::string token = estate.staging.token();
    const test::Outcome late = estate.world.run({"triage", "--time", "1700009999", token});
    CHECK(late.status == 0);
    CHECK(test::first_line(late.out).rfind("EXPIRED", 0) == 0);
    const test::Outcome alone = test::run_alone({"triage", token});
    CHECK(alone.status == 3);
    CHECK(test::first_line(alone.out).rfind("UNKNOWN", 0) == 0);
    CHECK(alone.out.find("https://auth.staging.example.com") != std::string::npos);
}

TEST_CASE("triage/token: out of a header field, on standard input") {
    Estate estate;
    estate.world.input = "authorization: Bearer " + estate.prod.token() + "\n";
    const auto json = json_of(estate.world.run({"triage", "--format", "json"}));
    CHECK(json["state"] == "live");
    CHECK(json["domain"] == "prod");
}

TEST_CASE("triage/key: what a domain's keys open, and a key of nobody") {
    Estate estate(kLeaky);
    const test::Outcome lost = estate.world.run({"triage", "--domain", "staging"});
    CHECK(lost.status == 1);
    CHECK(test::first_line(lost.out) == "LIVE a key of staging: opens 2 services");
    CHECK(test::widest_line(lost.out) <= 80);
    Estate other;
    const test::Outcome nothing =
        estate.world.run({"triage", "--key", other.directory / "jwtdomain/jwks/prod.json", "--format", "json"});
    CHECK(nothing.status == 0);
    CHECK(json_of(nothing)["accepted_by"].empty());

    estate.put("found.jwk",
               std::string(write_private_jwk(SigningKey(std::move(estate.staging.key)), {}).value().expose()));
    std::filesystem::permissions(estate.directory / "found.jwk", std::filesystem::perms(0644));
    const test::Outcome found = estate.world.run({"triage", "--key", estate.directory / "found.jwk"});
    CHECK(found.status == 1); // that it lies open is why it is asked about
    CHECK(found.out.find("opens 2 services") != std::string::npos);
}

TEST_CASE("triage/key: a key that is not used, and one that could not be read, are not said to open nothing") {
    Estate estate(kLeaky);
    std::string set = estate.read("jwtdomain/jwks/staging.json");
    const std::size_t at = set.find("\"kty\"");
    REQUIRE(at != std::string::npos);
    estate.put("jwtdomain/jwks/staging.json", set.insert(at, R"("use":"enc",)"));
    for (const std::vector<std::string>& words : {std::vector<std::string>{"--domain", "staging"},
                                                  {"--key", estate.directory / "jwtdomain/jwks/staging.json"}}) {
        const test::Outcome lost = estate.world.run({"triage", words.front(), words.back(), "--format", "json"});
        CAPTURE(lost.out);
        CHECK(lost.status == 1);
        const auto json = json_of(lost);
        REQUIRE(json["accepted_by"].size() == 2);
        CHECK(json["accepted_by"][0]["verified"] == false);
    }
    estate.put("jwtdomain/jwks/staging.json", R"({"keys":[]})");
    std::filesystem::remove(estate.directory / "jwtdomain/jwks/prod.json");
    Estate other;
    const test::Outcome unknown =
        estate.world.run({"triage", "--key", other.directory / "jwtdomain/jwks/prod.json", "--format", "json"});
    CAPTURE(unknown.out);
    CHECK(unknown.status == 3);
    CHECK(json_of(unknown)["undecided"].size() == 2);
}

TEST_CASE("triage/golden: tokens live, expired and of nobody known, and a lost domain") {
    Estate estate(kLeaky);
    const std::string token = estate.staging.token();
    const auto golden = [](test::FakeWorld& world, const std::string& name, std::vector<std::string> words) {
        words.insert(words.begin(), "triage");
        const std::string text = world.run(words).out;
        CHECK(test::widest_line(text) <= 80);
        test::check_golden("triage/" + name + ".txt", text);
        words.insert(words.end(), {"--format", "json"});
        test::check_golden("triage/" + name + ".json", world.run(words).out);
    };
    golden(estate.world, "live", {token});
    golden(estate.world, "expired", {"--time", "2024-01-01T00:00:00Z", token});
    golden(estate.world, "scrubbed", {token.substr(0, token.rfind('.'))});
    golden(estate.world, "domain", {"--domain", "staging"});
    test::FakeWorld nowhere;
    golden(nowhere, "no-policy", {token});
}

TEST_CASE("triage/errors: each says what is wrong") {
    Estate estate;
    CHECK(estate.world.run({"triage", "--domain", "stagin"}).err.find("staging") != std::string::npos);
    CHECK(estate.world.run({"triage", "--domain", "staging", "x.y.z"}).status == 2);
    CHECK(estate.world.run({"triage"}).status == 4);
    CHECK(estate.world.run({"triage", "no token"}).status != 0);
}

TEST_CASE("triage/lines: many tokens, each with the report that it has alone") {
    Estate estate(kLeaky);
    const std::string staging = estate.staging.token(), prod = estate.prod.token();
    const auto asked = [&](const std::string& input) {
        estate.world.input = input;
        return estate.world.run({"triage", "--input", "jsonl"});
    };
    const test::Outcome both =
        asked(staging + "\n\nAuthorization: Bearer " + prod + "\n{\"id\":\"7\",\"token\":\"" + staging + "\"}\n");
    CHECK(both.status == 1);
    std::vector<nlohmann::ordered_json> lines;
    for (std::size_t at = 0; at < both.out.size(); at = both.out.find('\n', at) + 1)
        lines.push_back(nlohmann::ordered_json::parse(both.out.substr(at, both.out.find('\n', at) - at)));
    REQUIRE(lines.size() == 3);
    CHECK(lines[1]["line"] == 3);
    CHECK(lines[2]["id"] == "7");
    auto alone = nlohmann::ordered_json::parse(estate.world.run({"triage", "--format", "json", staging}).out);
    for (const char* name : {"version", "command"}) alone.erase(name);
    for (const char* name : {"line", "id"}) {
        lines[0].erase(name);
        lines[2].erase(name);
    }
    CHECK(lines[0].dump() == alone.dump());
    CHECK(lines[2].dump() == alone.dump());
    CHECK(lines[1]["domain"] == "prod");
    CHECK(both.out.find(staging.substr(staging.rfind('.'))) == std::string::npos); // nothing that can be used

    const test::Outcome bad = asked("hello\n{\"token\":7}\n{\"token\":\"" + staging + "\",\"domain\":\"x\"}\n");
    CHECK(bad.status == 3);
    CHECK(bad.out.find(R"({"line":1,"state":"error","message":)") == 0);
    CHECK(bad.out.find(R"({"line":2,"state":"error","message":"token is not a string"})") != std::string::npos);
    CHECK(bad.out.find("beside token and id") != std::string::npos);
    CHECK(asked("\n \n").status == 4);
    CHECK(estate.world.run({"triage", "--input", "csv"}).status == 2);
    CHECK(estate.world.run({"triage", "--input", "jsonl", "--domain", "prod"}).status == 2);
    CHECK(estate.world.run({"triage", "--input", "jsonl", staging}).status == 2);
}

TEST_CASE("triage/lines: without a policy") {
    test::FakeWorld world;
    world.input = test::Estate(kLeaky).staging.token() + "\n";
    const test::Outcome out = world.run({"triage", "--input", "jsonl"});
    CHECK(out.status == 3);
    CHECK(json_of(out)["policy"] == false);
}
