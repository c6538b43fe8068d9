// `scan`: leaked tokens in files, directories and standard input.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "../support/encoders.h"
#include "../support/estate.h"
#include "../support/golden.h"

using namespace jwtdomain;
using test::Estate;

namespace {

const std::string kLeakyScan = R"(verifiers:
  - {domain: prod, name: gateway, accepts: [{keys: jwks/prod.json, issuer: https://auth.prod.example.com, audience: [https://api.prod.example.com], expiry: required}]}
  - domain: prod
    name: legacy
    resource: https://api.prod.example.com/legacy
    accepts: [{keys: [jwks/prod.json, jwks/staging.json], kid: hint, issuer: any, audience: any, expiry: optional}]
  - {domain: staging, name: gateway, accepts: [{keys: jwks/staging.json, issuer: https://auth.staging.example.com, audience: [https://api.staging.example.com], expiry: required}]}
)";

nlohmann::json scanned(const test::Outcome& outcome) { return nlohmann::json::parse(outcome.out); }

std::vector<nlohmann::json> lines_of(const std::string& text) {
    std::vector<nlohmann::json> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        out.push_back(nlohmann::json::parse(text.substr(at, end - at)));
        at = end + 1;
    }
    return out;
}

std::string signature_of(const std::string& token) { return token.substr(token.rfind('.') + 1); }

} // namespace

TEST_CASE("scan/files: everything below a directory, hidden or ignored, and what each token opens") {
    Estate estate(kLeakyScan);
    const std::string token = estate.staging.token(), other = estate.prod.token();
    estate.put("dump/a.log", "GET / HTTP/1.1\nAuthorization: Bearer " + token + "\n");
    estate.put("dump/.gitignore", "*\n");
    estate.put("dump/.hidden/deep/secret.yaml", "data: {token: " + base64_encode(token) + "}\n");
    estate.put("dump/b.txt", "jwt=" + other + "&state=1\n");
    const auto json = scanned(estate.world.run({"scan", "--format", "json", estate.directory / "dump"}));
    REQUIRE(json["tokens"].size() == 2);
    CHECK(json["failing"] == 2);
    CHECK(json["coverage"]["complete"] == true);
    CHECK(json["coverage"]["files"] == 4);
    const auto& prod = json["tokens"][0];
    const auto& staging = json["tokens"][1];
    CHECK(prod["domain"] == "prod");
    CHECK(staging["domain"] == "staging");
    CHECK(staging["severity"] == "critical");
    CHECK(staging["accepted_by"].size() == 2);
    CHECK(staging["count"] == 2);
    CHECK(staging["occurrences"][0]["inside"] == nlohmann::json::array({"base64"}));
    CHECK(staging["occurrences"][1]["line"] == 2);
    CHECK(staging["occurrences"][1]["offset"] == 37);
    CHECK(staging["occurrences"][1]["size"] == token.size());
    const test::Outcome text = estate.world.run({"scan", estate.directory / "dump"});
    CHECK(text.status == 1);
    CHECK(test::first_line(text.out).rfind("LEAKED 2 tokens of 2 found", 0) == 0);
}

TEST_CASE("scan/triage: each token is what triage says of it") {
    Estate estate(kLeakyScan);
    Estate stranger;
    for (const std::string& token :
         {estate.staging.token(), estate.prod.token(R"(,"nbf":1700000100)"), stranger.prod.token(),
          test::sign(estate.prod.signer, estate.prod.header(), R"({"iss":"x","exp":5})")}) {
        estate.world.input = "x " + token + "\n";
        const auto scan = scanned(estate.world.run({"scan", "--format", "json"}));
        const auto triage = scanned(estate.world.run({"triage", "--format", "json", token}));
        REQUIRE(scan["tokens"].size() == 1);
        const auto& found = scan["tokens"][0];
        CHECK(found["state"] == triage["state"]);
        CHECK(found["fingerprint"] == triage["token"]["fingerprint"]);
        CHECK(found["actions"] == triage["actions"]);
        CHECK(found["accepted_by"].size() == triage["accepted_by"].size());
        CHECK(found.value("domain", "") == triage.value("domain", ""));
    }
}

TEST_CASE("scan/exit: live tokens, incomplete coverage, nothing, no input") {
    Estate estate;
    estate.put("live/a", estate.prod.token());
    estate.put("none/a", "nothing here");
    std::filesystem::create_directories(estate.directory / "empty");
    const auto status = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "scan");
        return estate.world.run(words).status;
    };
    const std::string live = estate.directory / "live", none = estate.directory / "none";
    CHECK(status({live}) == 1);
    CHECK(status({none}) == 0);
    CHECK(status({none, estate.directory / "not there"}) == 3);
    CHECK(status({live, estate.directory / "not there"}) == 1);
    CHECK(status({estate.directory / "empty"}) == 4);
    CHECK(status({}) == 4);
    CHECK(status({"--time", "2030-01-01", live}) == 0);
    CHECK(status({"--time", "2030-01-01", "--fail-on", "info", live}) == 1);
    CHECK(status({"--fail-on", "nothing", live}) == 2);
    CHECK(status({"--strict", "--loose", live}) == 2);
    CHECK(status({"--only", "xyz", live}) == 2);
    CHECK(status({"--exclude", "", live}) == 2);
    estate.world.input = "";
    CHECK(status({}) == 4);
    estate.world.input = "words";
    CHECK(status({"-"}) == 0);
}

TEST_CASE("scan/redaction: no output of any kind makes a token usable, unless it is asked for") {
    Estate estate(kLeakyScan);
    const std::string token = estate.staging.token(R"(,"inner":")" + estate.prod.token() + "\"");
    estate.put("dump/" + std::string("a-") + signature_of(token).substr(0, 20),
               "x=" + token + "\n" + base64_encode(token));
    estate.put("dump/x." + token.substr(0, 200) + "/y", token);
    for (const char* const format : {"text", "json", "jsonl"}) {
        const test::Outcome report = estate.world.run({"scan", "--format", format, estate.directory / "dump"});
        CHECK(report.status == 1);
        CHECK(report.out.find(signature_of(token)) == std::string::npos);
        estate.world.input = report.out; // by our own measure
        const auto again = scanned(estate.world.run({"scan", "--format", "json", "--fail-on", "low"}));
        for (const auto& found : again["tokens"]) CHECK(found["condition"] != "whole");
        estate.world.input.reset();
        CHECK(estate.world.run({"scan", "--reveal", "--format", format, estate.directory / "dump"})
                  .out.find(signature_of(token)) != std::string::npos);
    }
}

TEST_CASE("scan/jsonl: each place is told as it is found, the token itself once, a summary at the end") {
    Estate estate(kLeakyScan);
    estate.world.input = estate.staging.token() + "\n" + estate.staging.token() + "\n" + estate.prod.token() + "\n";
    const auto lines = lines_of(estate.world.run({"scan", "--format", "jsonl"}).out);
    REQUIRE(lines.size() == 4); // ECDSA signs anew each time: the fingerprint is that of one token all the same
    CHECK(lines[0]["first"] == true);
    CHECK(lines[1]["first"] == false);
    CHECK(lines[1]["line"] == 2);
    CHECK(lines[0]["fingerprint"] == lines[1]["fingerprint"]);
    CHECK(lines[2]["domain"] == "prod");
    CHECK(lines[3]["type"] == "summary");
    CHECK(lines[3]["failing"] == 2);
    const std::string file = estate.directory / "found.jsonl";
    estate.world.run({"scan", "--format", "jsonl:" + file, "--format", "text"});
    CHECK(lines_of(estate.read("found.jsonl")) == lines);
}

TEST_CASE("scan/only: one token among others; --exclude leaves out names and paths") {
    Estate estate;
    estate.put("dump/a/one.log", estate.prod.token());
    estate.put("dump/b/two.log", estate.staging.token());
    const auto found = [&](std::vector<std::string> words) {
        words.insert(words.end(), {"--format", "json", estate.directory / "dump"});
        words.insert(words.begin(), "scan");
        return scanned(estate.world.run(words))["tokens"];
    };
    const auto all = found({});
    REQUIRE(all.size() == 2);
    const std::string print = all[1]["fingerprint"];
    CHECK(found({"--only", print}) == nlohmann::json::array({all[1]}));
    CHECK(found({"--only", print.substr(0, 8)}).size() == 1);
    CHECK(found({"--exclude", "*.log"}).empty());
    CHECK(found({"--exclude", "a"}).size() == 1);
    CHECK(found({"--exclude", "b/*.log"}).size() == 1);
    CHECK(found({"--exclude", "log/*"}).size() == 2);
}

TEST_CASE("scan/walk: links, pipes, what cannot be read and names that are no text") {
    Estate estate;
    estate.put("dump/a\n\x1b[31m", estate.prod.token());
    estate.put("dump/\xff\xfe", estate.prod.token());
    std::filesystem::create_directory_symlink(estate.directory.path(), estate.directory / "dump/loop");
    std::filesystem::create_symlink(estate.directory / "nowhere", estate.directory / "dump/dangling");
    REQUIRE(::mkfifo((estate.directory / "dump/pipe").c_str(), 0600) == 0);
    const test::Outcome text = estate.world.run({"scan", estate.directory / "dump"});
    CHECK(text.status == 1);
    CHECK(text.out.find('\x1b') == std::string::npos);
    CHECK(text.out.find("a\\x0a\\x1b[31m") != std::string::npos);
    const auto json = scanned(estate.world.run({"scan", "--format", "json", estate.directory / "dump"}));
    CHECK(json["coverage"]["links"] == 2);
    REQUIRE(json["coverage"]["gap_count"] == 1);
    CHECK(json["coverage"]["gaps"][0]["gap"] == "special-file");
    CHECK(json["tokens"][0]["count"] == 2);
    const auto flat =
        scanned(estate.world.run({"scan", "--max-depth", "0", "--format", "json", estate.directory / "jwtdomain"}));
    CHECK(flat["coverage"]["gaps"][0]["gap"] == "too-deep");
    CHECK(estate.world.run({"scan", "/dev/zero"}).status == 3);
}

TEST_CASE("scan/interrupted: what was found until then is told, and marked") {
    Estate estate;
    estate.put("dump/a", estate.prod.token());
    estate.world.stop = true;
    const test::Outcome report = estate.world.run({"scan", "--format", "json", estate.directory / "dump"});
    CHECK(report.status == 130);
    CHECK(scanned(report)["coverage"]["interrupted"] == 2);
    CHECK(scanned(report)["coverage"]["complete"] == false);
}

TEST_CASE("scan/golden: a dump with live, cut off, expired and foreign tokens, with a policy and without") {
    Estate estate(kLeakyScan);
    const std::string token = estate.staging.token();
    const std::string dump =
        "Authorization: Bearer " + token + "\n" + base64_encode(token) + "\n" +
        test::in_lines(estate.prod.token(R"(,"nbf":1700000100)"), 64, "\n  ") + "\n" +
        estate.prod.token().substr(0, 260) + "...\n" +
        test::sign(estate.prod.signer, R"({"alg":"ES256"})", R"({"iss":"x","exp":2000000000})") + "\n" +
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0Ijox"
        "NTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c\n";
    const auto golden = [&](test::FakeWorld& world, const std::string& name) {
        for (const char* const format : {"text", "json", "jsonl"}) {
            const std::string text = world.run_with_input(dump, {"scan", "--format", format}).out;
            if (std::string(format) == "text") CHECK(test::widest_line(text) <= 80);
            test::check_golden("scan/" + name + (std::string(format) == "text" ? ".txt" : "." + std::string(format)),
                               text);
        }
    };
    golden(estate.world, "policy");
    test::FakeWorld nowhere;
    golden(nowhere, "no-policy");
}
