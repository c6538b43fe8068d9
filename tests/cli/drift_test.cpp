// `audit drift` and `export`: the policy against what is deployed, and what is deployed out of the policy.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/support/estate.h"
#include "tests/support/golden.h"

using namespace jwtdomain;
using test::Outcome;

namespace {

const std::string kAllowed = "type,audience,further-audiences,lifetime,issued-at,domain,scopes,claims,reading";

struct Deployed : test::Estate {
    // Of resources that need scopes, another test tells.
    void without_resources() const {
        const std::string name = "jwtdomain/domains/prod.yaml", text = read(name);
        put(name, text.substr(0, text.find("resources:")));
    }
    std::string file(const std::string& name) const { return directory / name; }
    Outcome drift(const std::string& text, const std::vector<std::string>& more = {}) {
        put("gateway.yaml", text);
        std::vector<std::string> words{"audit", "drift", "prod=" + file("gateway.yaml")};
        words.insert(words.end(), more.begin(), more.end());
        return world.run(words);
    }
    static std::string form(const std::string& more) {
        return "domain: prod\nname: gateway\naccepts:\n  - keys: jwtdomain/jwks/prod.json\n    algorithms: [ES256]\n"
               "    issuer: https://auth.prod.example.com\n    expiry: required\n    not_before: checked\n"
               "    issued_at: checked\n    types: [at+jwt]\n    longest_life: 10m\n    leeway: 30s\n"
               "    required: [sub, jti, iat]\n" +
               more;
    }
    static std::string audience(const std::string& rule) {
        return "    audience: {any_of: [https://api.prod.example.com], " + rule + "}\n";
    }
};

const std::string kOwn = "subset_of: [https://api.prod.example.com]";

} // namespace

TEST_CASE("audit/drift: the same, wider with a witness, narrower") {
    Deployed estate;
    estate.without_resources();
    const Outcome same = estate.drift(Deployed::form(Deployed::audience(kOwn) + "    claims: {domain: prod}\n"));
    CHECK(same.status == 0);
    CHECK(test::first_line(same.out) == "SAME 1 service as the policy says");

    const Outcome wider = estate.drift(Deployed::form(Deployed::audience(kOwn)));
    CHECK(wider.status == 1);
    CHECK(test::widest_line(wider.out) <= 80);
    test::check_golden("drift/wider.txt", wider.out);
    const auto json =
        nlohmann::json::parse(estate.drift(Deployed::form(Deployed::audience(kOwn)), {"--format", "json"}).out);
    CHECK(json["verdict"] == "wider");
    CHECK(json["services"][0]["evidence"] == "config");
    CHECK(json["services"][0]["differences"][0]["what"] == "domain is absent");

    const Outcome narrower =
        estate.drift(Deployed::form(Deployed::audience(kOwn) + "    claims: {domain: prod, tier: gold}\n"));
    CHECK(narrower.status == 0);
    CHECK(test::first_line(narrower.out).rfind("NARROWER ", 0) == 0);
}

TEST_CASE("audit/drift: what cannot be read, and words that are wrong") {
    Deployed estate;
    CHECK(estate.drift("a: [").status == 3);
    CHECK(estate.world.run({"audit", "drift"}).status == 4);
    CHECK(estate.world.run({"audit", "drift", "prod"}).status == 2);
    CHECK(estate.world.run({"audit", "drift", "pord=gateway.yaml"}).status == 3);
    CHECK(estate.world.run({"audit", "drift", "prod=gateway.yaml", "--min-depth", "2"}).status == 2);
    CHECK(estate.world.run({"audit", "drift", "prod=gateway.yaml", "--format", "sarif"}).status == 2);
}

TEST_CASE("cli/export: nothing is lost without a word") {
    Deployed estate;
    const Outcome refused = estate.world.run({"export", "--to", "envoy", "--domain", "prod"});
    CHECK(refused.status == 3);
    CHECK(refused.out.empty());
    CHECK(refused.err.find("--allow-loss " + kAllowed) != std::string::npos);
    const Outcome made = estate.world.run({"export", "--to", "envoy", "--domain", "prod", "--allow-loss", kAllowed});
    CHECK(made.status == 0);
    for (const char* field : {"type", "domain", "scopes"})
        CHECK(made.out.find("# not enforced: " + std::string(field) + ": ") != std::string::npos);
    // It is the policy's, but for what is lost.
    const Outcome drift = estate.drift(made.out);
    CHECK(drift.status == 1);
    CHECK(drift.out.find("iss is") == std::string::npos);
    CHECK(drift.out.find("aud is absent") == std::string::npos);
    CHECK(drift.out.find("exp is absent") == std::string::npos);
    CHECK(drift.out.find("\n  refuses") == std::string::npos);
    const Outcome json =
        estate.world.run({"export", "--to", "envoy", "--domain", "prod", "--allow-loss", kAllowed, "--format", "json"});
    const auto report = nlohmann::json::parse(json.out);
    CHECK(report["target"] == "envoy");
    CHECK(report["losses"].size() == 9);
    CHECK(report["configuration"].get<std::string>() == made.out);
}

TEST_CASE("cli/export: bad input") {
    Deployed estate;
    const auto status = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "export");
        return estate.world.run(words).status;
    };
    CHECK(status({}) == 2);
    CHECK(status({"--to", "nginx", "--domain", "prod"}) == 2);
    CHECK(status({"--to", "envoy"}) == 2);
    CHECK(status({"--to", "envoy", "--domain", "nobody"}) == 3);
    CHECK(status({"--to", "envoy", "--domain", "prod", "--resource", "https://elsewhere.example"}) == 3);
    CHECK(status({"--to", "envoy", "--domain", "prod", "--allow-loss", "everything"}) == 2);
    estate.put("jwtdomain/jwks/prod.json", R"({"keys": []})");
    CHECK(status({"--to", "envoy", "--domain", "prod", "--allow-loss", kAllowed}) == 3);
}
