// What `scan` and `triage` say of who takes a token, by which key, and what stops it.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "../support/estate.h"
#include "../support/golden.h"
#include "cli/app/command.h"
#include "cli/triage/steps.h"
#include "jwtdomain/policy/presets.h"

using namespace jwtdomain;
using test::Estate;

namespace {

nlohmann::json json_of(const test::Outcome& outcome) {
    REQUIRE_MESSAGE(!outcome.out.empty(), outcome.err);
    return nlohmann::json::parse(outcome.out);
}

bool has_text(const nlohmann::json& value, const std::string& part) {
    return value.dump().find(part) != std::string::npos;
}

std::string with_id(test::Issuer& issuer, const std::string& id) {
    std::string claims = issuer.claims();
    claims.replace(claims.find(R"("jti":"1")"), 9, R"("jti":")" + id + '"');
    return test::sign(issuer.signer, issuer.header(), claims);
}

const std::string kOpenPath = R"(verifiers:
  - domain: prod
    name: legacy
    resource: https://api.prod.example.com/legacy
    accepts: [{keys: [jwks/prod.json, jwks/staging.json], kid: hint, issuer: any, audience: any, expiry: optional}]
)";

} // namespace

TEST_CASE("scan/plan: each thing to do once, worst first, with how many tokens hang on a key") {
    Estate estate(kOpenPath);
    std::string text = estate.prod.token() + "\n";
    for (int i = 0; i < 8; ++i) text += with_id(estate.staging, "s" + std::to_string(i)) + "\n";
    const auto json = json_of(estate.world.run_with_input(text, {"scan", "--format", "json"}));
    const auto& plan = json["plan"];
    REQUIRE(plan.size() == 6);
    CHECK(plan[0]["step"] == "revoke");
    CHECK(has_text(plan[1], "revoke jti 1 of prod: "));
    CHECK(plan[0]["ids"].size() == 8);
    CHECK(has_text(plan[0], "revoke jti s0, s1, s2, s3, s4 and 3 more of staging: "));
    CHECK(plan[2]["step"] == "close");
    CHECK(plan[2]["tokens"].size() == 8);
    CHECK(plan[3]["step"] == "rotate");
    CHECK(
        has_text(plan[4], "as a last resort rotate the key prod-1 of prod, on which 1 live token of this scan hangs"));
    CHECK(has_text(plan[3],
                   "as a last resort rotate the key staging-1 of staging, on which 8 live tokens of this scan hang"));
    CHECK(plan[5]["step"] == "wait");
    for (const auto& token : json["tokens"]) {
        if (token["domain"] != "staging") continue;
        CHECK(
            has_text(token["actions"], "the key staging-1 of staging, on which 7 other live tokens of this scan hang"));
        CHECK(token["accepted_by"][0]["key_of"] == "staging");
        CHECK(token["accepted_by"][0]["resource"] == "https://api.prod.example.com/legacy");
    }
    const test::Outcome people = estate.world.run_with_input(text, {"scan"});
    CHECK(people.out.find("What stops them, in this order\n  1. revoke jti s0, s1, ") != std::string::npos);
    CHECK(test::widest_line(people.out) <= 80);
    for (const std::string format : {"html", "sarif", "jsonl", "csv"})
        CHECK_MESSAGE(estate.world.run_with_input(text, {"scan", "--format", format})
                              .out.find(format == "csv" ? "7 other live tokens" : "8 live tokens") != std::string::npos,
                      format);
}

TEST_CASE("scan/plan: a key that signs a token without a jti is no last resort") {
    Estate estate(kOpenPath);
    const std::string token =
        test::sign(estate.prod.signer, estate.prod.header(),
                   R"({"iss":"https://auth.prod.example.com","aud":"https://api.prod.example.com","sub":"a",)"
                   R"("domain":"prod","iat":1700000000,"exp":1700000300})");
    const auto json = json_of(estate.world.run_with_input(token, {"scan", "--format", "json"}));
    REQUIRE(json["plan"].size() == 2);
    CHECK(json["plan"][0]["text"].get<std::string>().rfind("rotate the key prod-1 of prod", 0) == 0);
    const auto alone = json_of(estate.world.run({"triage", "--format", "json", token}));
    CHECK(alone["actions"].size() == 2);
    CHECK(alone["actions"] == json["tokens"][0]["actions"]);
}

TEST_CASE("scan/plan: no command is named that there is not") {
    Estate estate(kOpenPath);
    const std::string text = estate.prod.token() + "\n" + estate.staging.token() + "\n";
    const std::string report = estate.world.run_with_input(text, {"scan", "--format", "json"}).out;
    std::size_t count = 0;
    for (std::size_t at = report.find("jwtdomain "); at != std::string::npos; at = report.find("jwtdomain ", at + 1)) {
        const std::size_t begin = at + 10;
        const std::string name =
            report.substr(begin, report.find_first_not_of("abcdefghijklmnopqrstuvwxyz", begin) - begin);
        CHECK_MESSAGE(cli::find_command(name) != nullptr, name);
        ++count;
    }
    CHECK(count > 0);
}

TEST_CASE("triage/actions: what a token says of itself is no part of a command, unless it is one word") {
    Estate estate(kOpenPath);
    const auto first_action = [&](const std::string& id) {
        return json_of(estate.world.run({"triage", "--format", "json", with_id(estate.prod, id)}))["actions"][0]
            .get<std::string>();
    };
    CHECK(first_action("a-7").find("jwtdomain revoke --domain prod --jti a-7; ") != std::string::npos);
    for (const std::string bad : {"$(id)", "a b", "-7", "a;b", "a'b", "a`b"})
        CHECK(first_action(bad).find("jwtdomain revoke --domain prod @FILE, with the token in it; ") !=
              std::string::npos);
}

TEST_CASE("triage/foreign: what its issuer can do about it, by whose make it is") {
    for (const policy::PresetInfo& preset : policy::presets())
        CHECK_MESSAGE(!cli::end_at_issuer(preset.name).empty(), preset.name);
    Estate estate(kOpenPath);
    const std::string issuer = "https://org.okta.com/oauth2/default";
    estate.put("jwtdomain/domains/prod.yaml", "domain: prod\nissuer: " + issuer +
                                                  "\naudiences: [https://api.prod.example.com]\njwks: jwks/prod.json\n"
                                                  "foreign: true\n");
    const std::string token = test::sign(estate.prod.signer, estate.prod.header(),
                                         R"({"iss":")" + issuer +
                                             R"(","aud":"https://api.prod.example.com","sub":"a","jti":"7",)"
                                             R"("iat":1700000000,"exp":1700000300})");
    const auto alone = json_of(estate.world.run({"triage", "--format", "json", token}));
    REQUIRE(alone["state"] == "live");
    CHECK(alone["foreign"] == true);
    CHECK(alone["issuer_kind"] == "okta");
    CHECK(has_text(alone["actions"][0], "at its issuer, " + issuer));
    CHECK(has_text(alone["actions"][0], "/v1/revoke"));
    CHECK(!has_text(alone["actions"], "jwtdomain rotate")); // its keys are not ours to make
    const auto scan = json_of(estate.world.run_with_input(token, {"scan", "--format", "json"}));
    CHECK(scan["tokens"][0]["actions"] == alone["actions"]);
    CHECK(scan["plan"][0]["step"] == "session");
}

TEST_CASE("triage/revoked: by which entry of the list, and what does not read it") {
    Estate estate("revocations: {file: revoked.jwt}\n");
    const auto revoke = [](Estate& in) {
        in.put("jwtdomain/revoked.jwt",
               test::sign(in.prod.signer, R"({"alg":"ES256","kid":"prod-1","typ":"revocations+jwt"})",
                          R"({"version":1,"iat":1700000000,"revoked":[{"jti":"9","reason":"leaked"}]})"));
    };
    revoke(estate);
    const std::string dead = with_id(estate.prod, "9"), other = estate.prod.token();
    auto alone = json_of(estate.world.run({"triage", "--format", "json", dead}));
    CHECK(alone["state"] == "revoked");
    CHECK(alone["revoked"] == nlohmann::json{{"by", "jti"}, {"value", "9"}, {"reason", "leaked"}});
    CHECK(json_of(estate.world.run({"triage", "--format", "json", other}))["revoked"] == false);
    const auto scan = json_of(estate.world.run_with_input(dead + "\n" + other, {"scan", "--format", "json"}));
    for (const auto& token : scan["tokens"]) CHECK((token["revoked"] != false) == (token["claims"]["jti"] == "9"));
    // A gateway does not read that list.
    Estate guarded("revocations: {file: revoked.jwt}\n" + kOpenPath);
    revoke(guarded);
    const std::string open = with_id(guarded.prod, "9");
    alone = json_of(guarded.world.run({"triage", "--format", "json", open}));
    CHECK(alone["state"] == "live");
    CHECK(alone["revoked"]["by"] == "jti");
    CHECK(!has_text(alone["actions"], "revoke jti"));
    const std::string text = guarded.world.run({"triage", open}).out;
    CHECK(text.find("revoked     by its jti 9: leaked; what accepts it does not read the list") != std::string::npos);
    CHECK(guarded.world.run_with_input(open, {"scan"}).out.find("by its jti 9: leaked") != std::string::npos);
}

TEST_CASE("triage/config: a configuration as it is deployed is asked, too, by triage and by scan") {
    Estate estate;
    estate.put("envoy.yaml", "providers:\n  p:\n    issuer: https://auth.staging.example.com\n"
                             "    audiences: [https://api.staging.example.com]\n    require_expiration: true\n"
                             "    local_jwks: {filename: jwtdomain/jwks/staging.json}\n"
                             "rules:\n  - match: {prefix: /}\n    requires: {provider_name: p}\n");
    const std::string token = estate.staging.token();
    const std::vector<std::string> config{"--config", "prod=" + (estate.directory / "envoy.yaml")};
    const auto with = [&](std::vector<std::string> words) {
        words.insert(words.end(), config.begin(), config.end());
        return words;
    };
    const auto alone = json_of(estate.world.run(with({"triage", "--format", "json", token})));
    const auto scan = json_of(estate.world.run_with_input(token, with({"scan", "--format", "json"})));
    for (const auto& report : {alone, scan["tokens"][0]}) {
        bool deployed = false;
        for (const auto& row : report["accepted_by"])
            deployed =
                deployed || (row["domain"] == "prod" && row["evidence"] == "config" && row["key_of"] == "staging");
        CHECK_MESSAGE(deployed, report.dump());
        CHECK(has_text(report["actions"], "of prod, which takes tokens of staging"));
    }
    CHECK(alone["actions"] == scan["tokens"][0]["actions"]);
    CHECK(estate.world.run(with({"triage", "--domain", "staging", "--format", "json"})).out.find("\"config\"") !=
          std::string::npos);
    const auto fails = [&](std::vector<std::string> words, const std::string& says) {
        const test::Outcome run = estate.world.run_with_input(token, words);
        CHECK_MESSAGE(run.err.find(says) != std::string::npos, run.err);
        return run.status;
    };
    CHECK(fails({"scan", "--config", "prod"}, "DOMAIN=PATH") == 2);
    CHECK(fails({"scan", "--type", "envoy"}, "--type is for DOMAIN=PATH") == 2);
    CHECK(fails({"scan", "--config", "nobody=x"}, "nobody") != 0);
    CHECK(fails({"triage", token, "--cacert", "x"}, "--fetch") == 2);
    test::FakeWorld nowhere;
    CHECK(nowhere.run_with_input(token, with({"scan"})).status > 1); // there is no policy to add it to
}

TEST_CASE("triage/example: what everybody can read is said to be that, by triage as by scan") {
    test::FakeWorld world;
    const std::string example =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0Ijox"
        "NTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
    CHECK(json_of(world.run({"triage", "--format", "json", example}))["example"] == "jwt.io, HS256");
    CHECK(world.run({"triage", example}).out.find("everybody can read it: jwt.io") != std::string::npos);
}
