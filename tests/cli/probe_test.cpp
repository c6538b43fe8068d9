// `probe`, with programs in the place of what runs: no test of this file asks the network. tests/interop/probe asks
// real verifiers.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "../support/estate.h"
#include "../support/golden.h"
#include "../support/two_domains.h"

using namespace jwtdomain;
using test::Outcome;
using test::TwoDomains;

namespace {

struct Probed : TwoDomains {
    Probed() { make_keys(); }
    Outcome probe(std::vector<std::string> options) {
        options.insert(options.begin(), "probe");
        return world.run(options);
    }
    nlohmann::json json(std::vector<std::string> options) {
        options.insert(options.end(), {"--format", "json"});
        return nlohmann::json::parse(probe(std::move(options)).out);
    }
    std::string error(std::vector<std::string> options, int status) {
        const Outcome outcome = probe(std::move(options));
        CHECK(outcome.status == status);
        CHECK(outcome.out.empty());
        return outcome.err;
    }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("probe/verdict: what takes everything, what refuses everything, and what is not there") {
    Probed estate;
    const Outcome open = estate.probe({"--target", "prod=cmd:true"});
    CHECK(open.status == 1);
    CHECK(test::first_line(open.out).rfind("LEAKS 1 of 1 target", 0) == 0);
    CHECK(has(open.out, "what is no token at all is not refused (exit status 0)"));
    CHECK(has(open.out, "RUN-01"));
    CHECK(test::widest_line(open.out) <= 80);

    const Outcome closed = estate.probe({"--target", "prod=cmd:false"});
    CHECK(closed.status == 3);
    CHECK(test::first_line(closed.out).rfind("INCONCLUSIVE", 0) == 0);
    CHECK(!has(closed.out, "enforced"));

    CHECK(estate.json({"--target", "prod=cmd:no-such-program-here"})["verdict"] == "inconclusive");
    const auto odd = estate.json({"--target", "prod=cmd:sh -c 'exit 7'"});
    CHECK(odd["targets"][0]["kinds"][1]["detail"] == "exit status 7");
    CHECK(odd["targets"][0]["kinds"][1]["conclusion"] == "inconclusive");
}

TEST_CASE("probe/model: answers are held against the configuration that is said to guard the domain") {
    Probed estate;
    const std::string config = estate.directory / "haproxy.cfg";
    test::write_text(config,
                     estate.must({"export", "--to", "haproxy", "--domain", "prod", "--allow-loss", "reading",
                                  "--key-dir", estate.directory.path(), "--write-keys", estate.directory.path()}));
    const Outcome open = estate.probe({"prod=" + config, "--target", "prod=cmd:true"});
    CHECK(open.status == 1);
    CHECK(has(open.out, "DISAGREES"));
    CHECK(has(open.out, "takes what its configuration refuses"));
    CHECK(test::widest_line(open.out) <= 80);
    const auto report = estate.json({"prod=" + config, "--target", "prod=cmd:true"});
    std::size_t refuses = 0;
    for (const auto& row : report["targets"][0]["kinds"]) refuses += row["modelled"] == "refuses";
    CHECK(refuses > 40);
    // Of nothing but the policy nothing is said.
    const auto without = estate.json({"--target", "prod=cmd:true"});
    for (const auto& row : without["targets"][0]["kinds"]) CHECK(row["modelled"] == "unknown");
}

TEST_CASE("probe/witnesses: of every pair, where an audit tells of several together; keys are read once") {
    Probed estate;
    for (const char* name : {"third", "fourth"}) {
        estate.put_domain(name, "");
        estate.must({"keygen", "--domain", name});
    }
    std::string verifiers = "version: 1\nverifiers:\n";
    for (const char* name : {"prod", "staging"})
        verifiers += "  - {domain: " + std::string(name) + ", name: gateway, accepts: [{name: one, keys: [jwks/" +
                     name +
                     ".json, jwks/third.json], kid: ignored, issuer: any, audience: any, types: any, "
                     "expiry: required}]}\n";
    estate.put("policy.yaml", verifiers);
    const std::string set = estate.policy_file("jwks/fourth.json");
    std::string text = test::read_text(set);
    text.insert(text.rfind(']'), R"(,{"kty":"EC","crv":"P-256","x":"AA","y":"AA"})");
    test::write_text(set, text);
    const Outcome outcome =
        estate.probe({"--target", "prod=cmd:false", "--target", "staging=cmd:false", "--format", "json"});
    const std::string warning = "key number 2 is not used";
    CHECK(has(outcome.err, warning));
    CHECK(outcome.err.find(warning) == outcome.err.rfind(warning));
    const auto report = nlohmann::json::parse(outcome.out);
    for (const auto& target : report["targets"]) {
        std::string from;
        for (const auto& row : target["foreign"]) {
            if (has(row["what"], "the witness of the audit")) from += row["from"].get<std::string>() + " ";
        }
        CHECK(from == "third ");
    }
}

TEST_CASE("probe/foreign: a policy that leaks excuses nothing") {
    Probed estate;
    const std::string same = "issuer: https://id.example\naudiences: [https://api.example]\njwks: jwks/prod.json\n"
                             "claims: {domain: none}\n";
    for (const char* name : {"prod", "staging"})
        estate.put("domains/" + std::string(name) + ".yaml", "domain: " + std::string(name) + "\n" + same);
    const auto foreign = estate.json({"--target", "prod=cmd:true"})["targets"][0]["foreign"];
    REQUIRE(foreign.size() >= 2);
    for (const auto& row : foreign) CHECK(row["conclusion"] == "broken");
}

TEST_CASE("probe/witnesses: what crosses by what audit finds is sent, for the attackers that are to be held against") {
    Probed estate;
    estate.put(
        "policy.yaml",
        "version: 1\nverifiers:\n  - domain: prod\n    name: gateway\n    accepts:\n"
        "      - {name: one, keys: [jwks/prod.json, jwks/staging.json], kid: ignored, issuer: any, audience: any, "
        "types: any, expiry: required}\n");
    const auto witnesses = [&](const std::string& against) {
        std::string out;
        const auto report = estate.json({"--target", "prod=cmd:false", "--against", against});
        for (const auto& row : report["targets"][0]["foreign"]) {
            const std::string what = row["what"];
            if (!has(what, "the witness of the audit")) continue;
            out += row["from"].get<std::string>() + ": " + what + "; ";
            CHECK(row["modelled"] == "accepts");
            CHECK(row["conclusion"] == "inconclusive"); // there is no control
        }
        return out;
    };
    CHECK(witnesses("outsider").empty());
    CHECK(witnesses("replay") == "staging: the witness of the audit, for replay into prod (gateway); ");
}

TEST_CASE("probe/json: the report as it was frozen") {
    Probed estate;
    test::check_golden("probe/closed.json", estate.probe({"--target", "prod=cmd:false", "--format", "json"}).out);
    test::check_golden("probe/open.junit.xml", estate.probe({"--target", "prod=cmd:true", "--format", "junit"}).out);
}

TEST_CASE("probe/token: nothing secret is printed, and a token is no argument") {
    Probed estate;
    const std::string token = estate.must({"issue", "--domain", "prod", "--subject", "alice"});
    test::write_text(estate.directory / "t.jwt", token);
    const Outcome outcome =
        estate.probe({"--target", "prod=cmd:true", "--token", "prod=@" + (estate.directory / "t.jwt"), "-v"});
    const std::string signature = token.substr(token.rfind('.') + 1, 20);
    CHECK(!has(outcome.out + outcome.err, signature));
    CHECK(has(outcome.out, "it needs the private key of the domain"));
    CHECK(has(estate.error({"--target", "prod=cmd:true", "--token", "prod=" + token}, 2), "everybody on this machine"));
    CHECK(has(estate.error({"--target", "prod=cmd:true", "--token", "nobody=@t.jwt"}, 3), "nobody"));
    test::write_text(estate.directory / "bad.jwt", "no token");
    CHECK(has(estate.error({"--target", "prod=cmd:true", "--token", "prod=@" + (estate.directory / "bad.jwt")}, 3),
              "is none with claims"));
}

TEST_CASE("probe/control: a domain without a key here has none, and says so") {
    TwoDomains estate;
    const auto report =
        nlohmann::json::parse(estate.world.run({"probe", "--target", "prod=cmd:false", "--format", "json"}).out);
    CHECK(report["verdict"] == "inconclusive");
    CHECK(has(report["targets"][0]["why"], "there is no token of the domain itself"));
    CHECK(report["targets"][0]["kinds"][0]["conclusion"] == "skipped");
}

TEST_CASE("probe/usage: what cannot be asked") {
    Probed estate;
    CHECK(has(estate.error({}, 4), "--target DOMAIN=URL"));
    CHECK(has(estate.error({"--target", "prod"}, 2), "DOMAIN=URL"));
    CHECK(has(estate.error({"--target", "=cmd:true"}, 3), "error"));
    CHECK(has(estate.error({"--target", "nobody=cmd:true"}, 3), "nobody"));
    CHECK(has(estate.error({"--target", "prod=cmd:"}, 2), "program"));
    CHECK(has(estate.error({"--target", "prod=http://staging.example/"}, 3), "only https"));
    CHECK(has(estate.error({"--target", "prod=file:///etc/passwd"}, 3), "URL"));
    for (const char* carrier : {"basic", "header", "header:", "cookie"})
        CHECK(has(estate.error({"--target", "prod=cmd:true", "--carrier", carrier}, 2), "no place for a token"));
    for (const char* statuses : {"", "99", "600", "200-", "300-200", "200,", "x"})
        CHECK(has(estate.error({"--target", "prod=cmd:true", "--accept", statuses}, 2), "no HTTP status"));
    for (const char* span : {"0s", "6m", "x"})
        CHECK(has(estate.error({"--target", "prod=cmd:true", "--timeout", span}, 2), "no time to wait"));
    CHECK(has(estate.error({"prod", "--target", "prod=cmd:true"}, 2), "is not DOMAIN=PATH"));
    CHECK(has(estate.error({"--type", "haproxy", "--target", "prod=cmd:true"}, 2), "--type is for DOMAIN=PATH"));
    CHECK(has(estate.error({"--against", "nobody", "--target", "prod=cmd:true"}, 2), "outsider"));
    CHECK(has(estate.error({"--target", "prod=cmd:true", "--resolve", "x"}, 2), "HOST:PORT:ADDRESS"));
}

TEST_CASE("probe/network: options of fetching are for fetching") {
    TwoDomains estate;
    for (const char* command : {"audit", "verify"}) {
        const Outcome outcome = estate.world.run({command, "--allow-private", "--domain", "prod"});
        CHECK(outcome.status == 2);
    }
    const Outcome outcome = estate.world.run({"audit", "--cacert", "x"});
    CHECK(outcome.status == 2);
    CHECK(has(outcome.err, "are for --fetch"));
}
