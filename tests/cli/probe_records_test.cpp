// `probe` beside itself, stopped, and written down: --jobs, --resume, --transcript. Programs stand in the place of what
// runs; tests/interop/probe_run asks servers.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/stat.h>

#include "../support/estate.h"
#include "../support/two_domains.h"
#include "cli/probe/journal.h"
#include "cli/probe/transcript.h"
#include "jwtdomain/jwt/redact.h"

using namespace jwtdomain;
using test::Outcome;
using test::TwoDomains;

namespace {

// What takes all but garbage, and notes that it was asked.
struct Recorded : TwoDomains {
    Recorded() { make_keys(); }
    std::string path(const char* name) const { return directory / name; }
    std::string target(const char* domain) const {
        return std::string(domain) + "=cmd:sh -c 'read t; echo >> " + path("asked") +
               "; echo \"you sent $t\"; case $t in " + "jwtdomain.garbage.token) exit 1;; esac'";
    }
    Outcome probe(std::vector<std::string> options) {
        options.insert(options.begin(), {"probe", "--format", "json"});
        return world.run(options);
    }
    Outcome both(std::vector<std::string> options) {
        options.insert(options.end(), {"--target", target("prod"), "--target", target("staging")});
        return probe(std::move(options));
    }
    Outcome resumed(std::vector<std::string> options = {}) {
        options.insert(options.end(), {"--resume", path("state.jsonl")});
        return both(std::move(options));
    }
    // How often somebody was asked since the last time.
    std::size_t asked() const {
        const std::string text = test::read_text(path("asked"));
        test::write_text(path("asked"), "");
        return text.size();
    }
    std::vector<std::string> lines() const {
        std::vector<std::string> out;
        const std::string text = test::read_text(path("state.jsonl"));
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = text.find('\n', at);
            out.push_back(text.substr(at, end + 1 - at));
            at = end + 1;
        }
        return out;
    }
    void write(const std::string& text) const { test::write_text(path("state.jsonl"), text); }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

unsigned mode_of(const std::string& path) {
    struct stat info {};
    REQUIRE(stat(path.c_str(), &info) == 0);
    return info.st_mode & 0777;
}

std::string all_of(const std::vector<std::string>& lines, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += lines[i];
    return out;
}

} // namespace

TEST_CASE("probe/jobs: the report is the same, whatever their number") {
    Recorded estate;
    const Outcome alone = estate.both({"--jobs", "1"});
    CHECK(alone.status == 1);
    CHECK(estate.both({"--jobs", "8"}).out == alone.out);
    const auto options = [&](const char* name, const char* value) {
        const Outcome outcome = estate.both({name, value});
        CHECK(outcome.out.empty());
        CHECK(outcome.status == 2);
        return outcome.err;
    };
    CHECK(has(options("--jobs", "0"), "from 1 to 256"));
    CHECK(has(options("--rate", "x"), "--rate takes a number"));
    CHECK(has(options("--total-timeout", "0s"), "from 1s to 7d"));
}

TEST_CASE("probe/stopped: a signal, and the time that all may take") {
    Recorded estate;
    estate.world.stop = true;
    const Outcome stopped = estate.both({"--resume", estate.path("state.jsonl")});
    CHECK(stopped.status == 128 + 2);
    CHECK(has(stopped.err, "goes on from"));
    CHECK(has(stopped.out, "(stopped)"));
    estate.world.stop = false;
    const Outcome late =
        estate.probe({"--target", "prod=cmd:sh -c 'sleep 0.2; read t; test $t != jwtdomain.garbage.token'",
                      "--total-timeout", "1s"});
    CHECK(late.status == 1);
    const auto report = nlohmann::json::parse(late.out);
    CHECK(report["targets"][0]["controlled"] == false);
    CHECK(report["requests"] < 20);
    CHECK(report["targets"][0]["kinds"].back()["detail"] == "the time for all is up (1s)");
    CHECK(report["targets"][0]["kinds"].back()["conclusion"] == "inconclusive");
}

TEST_CASE("probe/resume: only what is missing is asked, and the report is the same") {
    Recorded estate;
    const Outcome whole = estate.both({"--jobs", "1"});
    const std::size_t requests = estate.asked();
    CHECK(estate.resumed().out == whole.out);
    CHECK(estate.asked() == requests);
    CHECK(mode_of(estate.path("state.jsonl")) == 0600);
    const std::vector<std::string> lines = estate.lines();
    REQUIRE(lines.size() > 100);
    const std::string content = all_of(lines, lines.size());
    CHECK(redact_json(content) == content);
    CHECK(!has(content, "eyJ"));

    // Whole: the controls alone. They are asked twice, of two targets; garbage once.
    CHECK(estate.resumed().out == whole.out);
    CHECK(estate.asked() == 2 * 3);
    CHECK(estate.lines() == lines);
    // Half, with a line that was begun; later, at which it still says when it began.
    estate.write(all_of(lines, lines.size() / 2) + "{\"target\":0,\"row\":\"aud-a");
    estate.world.time += 3600;
    CHECK(estate.resumed({"--jobs", "1"}).out == whole.out);
    const std::size_t again = estate.asked();
    CHECK(again > 50);
    CHECK(again < requests);
    CHECK(estate.lines().size() == lines.size());
}

TEST_CASE("probe/resume: what is damaged, of another probe or old is refused and left as it is") {
    Recorded estate;
    estate.resumed();
    const std::vector<std::string> lines = estate.lines();
    const std::string content = all_of(lines, lines.size());
    const auto refused = [&](const std::string& text, std::vector<std::string> options = {}) {
        estate.write(text);
        const Outcome outcome = estate.resumed(std::move(options));
        CHECK(outcome.status == 3);
        CHECK(outcome.out.empty());
        CHECK(test::read_text(estate.path("state.jsonl")) == text);
        return outcome.err;
    };
    const auto replaced = [&](const std::string& from, const std::string& to) {
        std::string text = content;
        const std::size_t at = text.find(from, lines[0].size());
        REQUIRE(at != std::string::npos);
        return text.replace(at, from.size(), to);
    };
    CHECK(has(refused(replaced("accepted", "refused ")), "state.jsonl:"));
    CHECK(has(refused(replaced("\"accepted\"", "\"refused\"")), "its sum is another"));
    CHECK(has(refused(lines[0] + all_of(lines, lines.size()).substr(lines[0].size() + lines[1].size())),
              "state.jsonl:2"));
    CHECK(has(refused(content + lines.back()), "its sum is another"));
    CHECK(has(refused(content + "\n"), "damaged"));
    CHECK(has(refused("version: 1\n"), "is not what an earlier probe"));
    CHECK(has(refused("no newline"), "is not what an earlier probe"));
    CHECK(has(refused(lines[0].substr(0, 20)), "is not what an earlier probe"));
    CHECK(has(refused(content, {"--method", "HEAD"}), "answered to another probe"));
    CHECK(has(refused(content, {"--target", "prod=cmd:true"}), "answered to another probe"));
    estate.world.time += 86401;
    CHECK(has(refused(content), "older than a day"));
    estate.world.time -= 2 * 86401;
    CHECK(has(refused(content), "in the future"));
    estate.world.time += 86401;
    estate.write(content);
    CHECK(estate.resumed().status == 1);
    estate.put("policy.yaml", "version: 1\ndefaults: {leeway: 10s}\n");
    CHECK(has(refused(content), "answered to another probe"));
    chmod(estate.path("state.jsonl").c_str(), 0644);
    CHECK(has(refused(content), "others may read or write it"));
}

TEST_CASE("probe/journal: no two parts give one digest") {
    CHECK(cli::digest_of({"a", "b"}) != cli::digest_of({"ab"}));
    CHECK(cli::digest_of({"a", "b"}) != cli::digest_of({"a:1:b"}));
    CHECK(cli::digest_of({}) != cli::digest_of({""}));
}

TEST_CASE("probe/transcript: all that is asked and answered, and no token") {
    Recorded estate;
    const std::string file = estate.path("transcript.jsonl");
    const std::vector<std::string> options{"--target", estate.target("prod"), "--transcript", file};
    const auto report = nlohmann::json::parse(estate.probe(options).out);
    CHECK(mode_of(file) == 0600);
    const std::string text = test::read_text(file);
    CHECK(redact_text(text) == text);
    std::size_t lines = 0, garbage = 0;
    std::set<std::string> tokens;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1, ++lines) {
        const auto line = nlohmann::json::parse(text.substr(at, text.find('\n', at) - at));
        if (lines == 0) {
            CHECK(line["transcript"] == true);
            continue;
        }
        CHECK(line["domain"] == "prod");
        CHECK(line["method"] == "run");
        CHECK(line["place"] == "standard input");
        CHECK(line["token"].get<std::string>().size() == 64);
        CHECK(has(line["body"], "you sent "));
        tokens.insert(line["token"].get<std::string>());
        garbage +=
            line["row"] == "control-garbage" && line["outcome"] == "refused" && line["detail"] == "exit status 1";
    }
    CHECK(lines == report["requests"].get<std::size_t>() + 1);
    CHECK(garbage == 1);
    CHECK(tokens.size() > 50);
    // A second run is added.
    CHECK(estate.probe(options).status == 1);
    CHECK(test::read_text(file).size() > text.size() * 3 / 2);
    CHECK(test::read_text(file).rfind(text, 0) == 0);
    test::write_text(file, "version: 1\n");
    const Outcome refused = estate.probe(options);
    CHECK(refused.status == 3);
    CHECK(has(refused.err, "is no transcript"));
    CHECK(test::read_text(file) == "version: 1\n");
}

TEST_CASE("probe/transcript: of an answer that repeats the token, in whole or in part, nothing usable is told") {
    const std::string header = "eyJhbGciOiJFUzI1NiJ9", claims = "eyJzdWIiOiJhbGljZSJ9",
                      signature = "c2lnbmF0dXJlLXRoYXQtaXMtbG9uZy1lbm91Z2g";
    const std::string token = header + "." + claims + "." + signature;
    CHECK(cli::told_body("plain", token) == "plain");
    CHECK(cli::told_body("a\x1b[2J" + token + "!", token) == "a\\x1b[2J[redacted]!");
    for (const std::string& body :
         {"x " + token, "x " + token.substr(0, token.size() - 3), "{\"token\":\"" + token + "\"}", "x " + signature,
          "x " + signature.substr(0, 30), "sig=" + signature + "&" + claims}) {
        const std::string told = cli::told_body(body, token);
        CAPTURE(told);
        CHECK(!has(told, signature.substr(0, 20)));
    }
    const std::string json = R"({"payload":")" + claims + R"(","signature":")" + signature + R"("})";
    CHECK(!has(cli::told_body("you sent " + json.substr(0, json.size() - 4), json), signature.substr(0, 20)));
    CHECK(!has(cli::told_body("a=1&t=a%2Fb%2B" + signature, "a/b+" + signature), signature.substr(0, 20)));
}
