#include "tests/support/audited.h"
#include "tests/support/estate.h"
#include "tests/support/golden.h"

namespace {

using namespace jwtdomain;
using test::Audited;

struct Format {
    std::string name, extension;
};
const std::vector<Format> kFormats{{"json", "json"},
                                   {"jsonl", "jsonl"},
                                   {"sarif", "sarif"},
                                   {"junit", "junit.xml"},
                                   {"github", "github.txt"},
                                   {"gitlab-codequality", "codequality.json"},
                                   {"gitlab-sast", "sast.json"},
                                   {"markdown", "md"},
                                   {"html", "html"},
                                   {"text", "txt"}};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void check_all_golden(Audited& estate, const std::string& name, int status) {
    for (const Format& format : kFormats) {
        CAPTURE(format.name);
        const auto outcome = estate.audit({"--format", format.name});
        CHECK(outcome.status == status); // whatever the format
        CHECK(outcome.err == "");
        test::check_golden("audit/" + name + "." + format.extension, outcome.out);
    }
}

} // namespace

TEST_CASE("audit/text: of many things alike the first are told, and how many more there are") {
    test::Estate estate;
    constexpr int kDomains = 60;
    for (int i = 0; i < kDomains; ++i) {
        const std::string name = "tenant-" + std::to_string(i);
        estate.put("jwtdomain/domains/" + name + ".yaml", "domain: " + name + "\nissuer: https://" + name +
                                                              ".example.com\naudiences: [https://api." + name +
                                                              ".example.com]\njwks: jwks/none-" + name + ".json\n");
    }
    const test::Outcome unread = estate.world.run({"audit"});
    CHECK(unread.status == 3);
    CHECK(std::count(unread.out.begin(), unread.out.end(), '\n') < 200);
    CHECK(unread.out.find(" more that are undecided: --format json, or html") != std::string::npos);
}

TEST_CASE("cli/audit: a leaking estate, in every format") {
    Audited estate;
    estate.leak();
    check_all_golden(estate, "leaks", 1);
}

TEST_CASE("cli/audit: an isolated estate, in every format") {
    Audited estate;
    estate.isolate();
    check_all_golden(estate, "isolated", 0);
}

TEST_CASE("cli/audit: a policy held against itself, in every format") {
    Audited estate;
    check_all_golden(estate, "consistent", 0);
}

TEST_CASE("cli/audit: an estate with a domain that nothing was read of, in every format") {
    Audited estate;
    estate.unread();
    check_all_golden(estate, "not-proven", 3);
}

TEST_CASE("cli/audit: the verdict is in the first line, and the text stays within 80 columns") {
    Audited estate;
    const auto first = [&] { return test::first_line(estate.audit().out); };
    CHECK(first().find("CONSISTENT ") == 0);
    estate.isolate();
    CHECK(first().find("ISOLATED ") == 0);
    estate.unread();
    CHECK(first().find("NOT PROVEN ") == 0);
    estate.leak();
    CHECK(first().find("LEAKS 1 of 2 services: prod takes tokens of staging") == 0);
    estate.put_domain("a-domain-with-a-name-that-goes-on-and-on-for-much-longer-than-a-line-has-room-for", "");
    CHECK(test::widest_line(estate.audit().out) <= 80);
}

TEST_CASE("cli/audit: exit statuses") {
    Audited estate;
    CHECK(estate.audit({"--against", "nobody"}).status == 2);
    CHECK(estate.audit({"--min-depth", "4"}).status == 2);
    CHECK(estate.audit({"--min-depth", "two"}).status == 2);
    CHECK(estate.audit({"--require", "hearsay"}).status == 2);
    CHECK(estate.audit({"--fail-on", "all"}).status == 2);
    CHECK(estate.audit({"--format", "sarfi"}).status == 2);
    CHECK(estate.audit({"--policy", "nowhere"}).status == 3);
    estate.put("policy.yaml", "version: 1\nverifires: []\n");
    CHECK(estate.audit().status == 3);
    SUBCASE("a policy without a domain is no input") {
        std::filesystem::remove_all(estate.policy_file("domains"));
        estate.put("policy.yaml", "version: 1\n");
        CHECK(estate.audit().status == 4);
    }
    SUBCASE("what refuses its own domain's tokens is broken, and proves nothing") {
        estate.put_verifiers(Audited::strict("staging") +
                             "  - domain: prod\n    name: prod\n    accepts:\n      - name: main\n        keys: "
                             "jwks/prod.json\n        issuer: https://auth.prod.example.com\n        audience: "
                             "[https://nobody.example.com]\n        expiry: required\n");
        const auto broken = estate.audit();
        CHECK(broken.status == 3);
        CHECK(broken.out.find("NOT PROVEN for 1 of 2 services: prod") == 0);
        CHECK(has(broken.out, "it takes no token of its own domain"));
        CHECK(has(estate.report("junit"), "<error message=\"it takes no token of its own domain"));
    }
    SUBCASE("a domain without keys has revoked its tokens, which is said") {
        estate.put("jwks/prod.json", "{\"keys\":[]}\n");
        estate.isolate();
        const auto revoked = estate.audit();
        CHECK(revoked.status == 0);
        CHECK(has(revoked.out, "revoked"));
        for (const char* format : {"html", "markdown", "json"}) CHECK(has(estate.report(format), "revoked"));
    }
    SUBCASE("a leak beats what could not be decided") {
        estate.put_verifiers(Audited::loose()); // nothing is said of staging's
        const auto outcome = estate.audit({"--format", "json"});
        CHECK(outcome.status == 1);
        CHECK(has(outcome.out, R"("verdict": "not-proven")"));
    }
    SUBCASE("a failed write is told") {
        estate.isolate();
        estate.world.write_fails = Error{.fault = Fault::unreadable, .message = "the disk is full"};
        CHECK(estate.audit().status == 3);
    }
}

TEST_CASE("cli/audit: --against says whom it must hold against") {
    Audited estate;
    estate.isolate();
    CHECK(estate.audit({"--against", "stolen-key"}).status == 0);
    // With one key set for both, and everything else apart, only a thief crosses.
    std::string shared = Audited::strict("prod") + Audited::strict("staging");
    shared.replace(shared.find("keys: jwks/prod.json"), 20, "keys: [jwks/prod.json, jwks/staging.json]");
    estate.put_verifiers(shared);
    const auto quiet = estate.audit({"--fail-on", "critical"});
    CHECK(quiet.status == 0);
    CHECK(has(quiet.out, "stronger"));
    CHECK(estate.audit({"--against", "stolen-key"}).status == 1);
    CHECK(!has(estate.report("sarif"), "\"ruleId\": \"ISOLATION\"")); // it does not count, and is no result
}

TEST_CASE("cli/audit: --require asks for evidence") {
    Audited estate;
    estate.isolate();
    CHECK(estate.audit({"--require", "policy"}).status == 0);
    CHECK(estate.audit({"--require", "config"}).status == 3);
    const auto probed = estate.audit({"--require", "probed"});
    CHECK(probed.status == 3);
    CHECK(probed.out.find("NOT PROVEN for 2 of 2 services") == 0);
    estate.leak();
    CHECK(estate.audit({"--require", "probed"}).status == 1);
}

TEST_CASE("cli/audit: --min-depth and --fail-on") {
    Audited estate;
    estate.isolate();
    CHECK(estate.audit({"--min-depth", "3"}).status == 0);
    // Without the domain claim, issuer, audience and key remain; without them only the key does.
    estate.put_verifiers(Audited::strict("prod") +
                         "  - domain: staging\n    accepts:\n      - keys: jwks/staging.json\n        issuer: any\n"
                         "        audience: [https://api.staging.example.com]\n        types: [at+jwt]\n"
                         "        algorithms: [ES256]\n        expiry: required\n");
    const auto shallow = estate.audit({"--min-depth", "3", "--format", "json"});
    CHECK(shallow.status == 1);
    CHECK(has(estate.audit({"--min-depth", "3", "--format", "sarif"}).out, "\"ruleId\": \"DEPTH\""));
    CHECK(estate.audit({"--min-depth", "1", "--fail-on", "critical"}).status == 0);
    CHECK(estate.audit({"--fail-on", "medium"}).status == 1); // ISS-01, latent
    CHECK(estate.audit({"--fail-on", "critical"}).status == 0);
}

TEST_CASE("cli/audit: --min-depth does not pass beside what is not decided") {
    Audited estate;
    estate.put("domains/third.yaml", "domain: third\nissuer: https://auth.third.example.com\n"
                                     "audiences: [https://api.third.example.com]\njwks: jwks/third.json\n");
    const std::string any = "  - domain: prod\n    name: prod\n    accepts:\n      - name: main\n"
                            "        keys: jwks/prod.json\n        issuer: any\n        audience: any\n"
                            "        types: [at+jwt]\n        algorithms: [ES256]\n        expiry: required\n";
    const std::string third = "  - domain: third\n    name: third\n    accepts:\n      - name: main\n"
                              "        keys: jwks/staging.json\n        issuer: https://auth.third.example.com\n"
                              "        audience: [https://api.third.example.com]\n        expiry: required\n";
    estate.put_verifiers(any + Audited::strict("staging") + third);
    const auto audited = [&](std::vector<std::string> more) {
        more.insert(more.end(), {"--against", "outsider", "--fail-on", "critical"});
        return estate.audit(more);
    };
    const auto outsiders = audited({});
    CHECK(outsiders.status == 0); // which keys third has is not known, and is no outsider's matter
    CHECK(has(outsiders.out, "depth 1 where it is proven, "));
    const auto shallow = audited({"--min-depth", "1"});
    CHECK(shallow.status == 3);
    CHECK(has(shallow.out, "--min-depth 1 is not proven to be met"));
    CHECK(has(shallow.out, "depth 1 where it is proven"));
    CHECK(audited({"--min-depth", "2"}).status == 1);
    CHECK(audited({"--min-depth", "0"}).status == 0);
    const auto sarif = audited({"--min-depth", "1", "--format", "sarif"});
    CHECK(sarif.status == 3);
    CHECK(has(sarif.out, "the depth is 1 where it is proven, and --min-depth asks for 1"));
}

TEST_CASE("cli/audit: crossings of stronger attackers between the same domains are told in one line") {
    Audited estate;
    estate.leak();
    const auto text = estate.audit().out;
    CHECK(has(text, "more by stronger attackers"));
    CHECK(!has(text, "A stolen key of staging gets into prod"));
    CHECK(has(estate.report("json"), "\"attacker\": \"stolen-key\""));
    CHECK(!has(text, estate.directory.path())); // places are relative
}
