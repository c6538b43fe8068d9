#include "tests/support/audited.h"

namespace {

namespace test = jwtdomain::test;
using test::Audited;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string entry(const std::string& rule, const std::string& expires = "2024-03-01") {
    return "- {rule: " + rule + ", where: prod, reason: moving, owner: platform, expires: " + expires + "}\n";
}

} // namespace

TEST_CASE("cli/audit: what is ignored is shown with its owner, and does not fail") {
    Audited estate;
    estate.leak();
    REQUIRE(estate.audit().status == 1);
    std::string all = entry("ISOLATION");
    for (const char* rule : {"AUD-01", "ISS-04", "ISS-06", "JWK-02"}) all += entry(rule);
    estate.put("ignores.yaml", all);
    CHECK(estate.audit().status == 1); // ISS-01 is left
    estate.put("ignores.yaml", all + entry("ISS-01"));
    const auto outcome = estate.audit();
    CHECK(outcome.status == 0);
    CHECK(outcome.err.empty());
    CHECK(outcome.out.find("LEAKS") == 0); // it is still what it is
    CHECK(has(outcome.out, "6 ignored"));
    CHECK(has(outcome.out, "platform"));
    CHECK(has(estate.report("sarif"), "suppressions"));
    CHECK(estate.audit({"--against", "stolen-key"}).status == 0); // accepted: whoever gets into prod
}

TEST_CASE("cli/audit: a crossing is accepted by where it leads, not by where it comes from") {
    Audited estate;
    estate.leak();
    const auto uses = [&](const std::string& where) {
        estate.put("ignores.yaml", "- {rule: ISOLATION, where: '" + where +
                                       "', reason: moving, owner: platform, expires: 2024-03-01}\n");
        return !has(estate.audit().err, "ignores nothing");
    };
    CHECK(uses("prod"));
    CHECK(uses("staging -> prod"));
    CHECK(!uses("staging"));
    CHECK(!uses("prod -> staging"));
}

TEST_CASE("cli/audit: an ignore at one domain hides nothing that is found of two others") {
    Audited estate;
    const auto publish = [&](const char* name) {
        estate.put(std::string("jwks/") + name + ".json", test::read_text(estate.policy_file("jwks/staging.json")));
    };
    estate.put("domains/dev.yaml", "domain: dev\nissuer: https://auth.dev.example.com\n"
                                   "audiences: [https://api.dev.example.com]\njwks: jwks/dev.json\n");
    publish("dev");
    const std::string ignore = "- {rule: KEY-01, where: dev, reason: r, owner: o, expires: 2024-03-01}\n";
    estate.put("ignores.yaml", ignore);
    const auto failing = [&] {
        return has(estate.report("json"), "\"rule\": \"KEY-01\"") && estate.audit().status == 1;
    };
    CHECK(!has(estate.audit().err, "ignores nothing"));
    CHECK(estate.audit().status == 0);
    publish("prod"); // a third domain has it, too
    CHECK(failing());
    CHECK(has(estate.audit().err, "ignores nothing"));
}

TEST_CASE("cli/audit: each path of a service that lets the same in is told, and accepted, by itself") {
    Audited estate;
    const std::string second =
        "      - name: second\n        keys: jwks/staging.json\n        issuer: any\n        audience: any\n"
        "        types: [at+jwt]\n        algorithms: [ES256]\n        expiry: required\n";
    const std::string known = estate.directory / "known.json";
    estate.leak();
    CHECK(estate.audit({"--write-baseline", known, "--owner", "o"}).status == 1);
    CHECK(estate.audit({"--baseline", known, "--fail-on", "critical"}).status == 0);
    estate.put_verifiers(Audited::loose() + second + Audited::strict("staging"));
    const auto both = estate.audit({"--baseline", known, "--fail-on", "critical"});
    CHECK(both.status == 1);
    CHECK(has(both.out, "path        main,"));
    CHECK(has(both.out, "path        second,"));
}

TEST_CASE("cli/audit: an ignore that has expired, or ignores nothing, is a finding of its own") {
    Audited estate;
    estate.isolate();
    estate.put("ignores.yaml", entry("KEY-01"));
    const auto unused = estate.audit();
    CHECK(unused.status == 0);
    CHECK(has(unused.err, "ignores nothing"));
    CHECK(has(unused.out, "IGNORES"));
    CHECK(estate.audit({"--fail-on", "low"}).status == 1);
    estate.leak();
    estate.put("ignores.yaml", entry("ISOLATION", "2023-11-01") + entry("AUD-01") + entry("ISS-01", "2023-11-20"));
    const auto expired = estate.audit();
    CHECK(expired.status == 1);
    CHECK(has(expired.err, "has expired"));
    CHECK(has(expired.err, "expires in 5 d")); // a warning, from 14 days before
    estate.put("ignores.yaml", "- {rule: NONE-01}\n");
    CHECK(estate.audit().status == 3);
}

TEST_CASE("cli/audit: what a baseline knows does not fail, and what is new does") {
    Audited estate;
    estate.leak();
    const std::string known = estate.directory / "known.json";
    CHECK(estate.audit({"--write-baseline", known}).status == 2); // nobody answers for it
    CHECK(estate.audit({"--owner", "platform"}).status == 2);
    CHECK(estate.audit({"--write-baseline", known, "--owner", "platform"}).status == 1);
    const auto second = estate.audit({"--baseline", known});
    CHECK(second.status == 0);
    CHECK(has(second.out, "LEAKS"));
    CHECK(has(second.out, "6 known"));
    CHECK(has(second.out, "platform answers for it"));
    // Written again by somebody else, what was known keeps its owner.
    CHECK(estate.audit({"--baseline", known, "--write-baseline", known, "--owner", "other"}).status == 0);
    CHECK(has(estate.audit({"--baseline", known}).out, "platform answers for it"));
    estate.put_domain("third", "");
    CHECK(estate.audit({"--baseline", known}).status == 3); // nothing was read of it
    CHECK(estate.audit({"--baseline", estate.directory / "none.json"}).status == 3);
    CHECK(estate.audit({"--baseline", estate.policy_file("jwks/prod.json")}).status == 3);
    std::filesystem::remove(estate.policy_file("domains/third.yaml"));
    estate.isolate();
    CHECK(has(estate.audit({"--baseline", known}).err, "6 of 6 entries of the baseline are gone"));
}
