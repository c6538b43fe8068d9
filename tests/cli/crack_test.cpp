// `crack`: whose secret can be guessed, what it opens, and that no secret gets out.
#include <filesystem>
#include <sys/stat.h>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "../support/estate.h"
#include "../support/golden.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/sha2.h"

using namespace jwtdomain;
using test::Estate;

namespace {

// A service of prod, and one of staging, that take what one secret signs.
std::string shared_secret() {
    std::string out = "verifiers:\n";
    for (const char* name : {"prod", "staging"})
        out += std::string("  - {domain: ") + name + ", name: " + name + "-legacy, resource: https://api." + name +
               ".example.com/legacy, accepts: [{keys: secret.jwks, kid: hint, "
               "algorithms: [HS256], issuer: any, audience: any, expiry: optional}]}\n";
    return out;
}

std::string hmac_token(const std::string& secret, Algorithm algorithm = Algorithm::HS256,
                       const std::string& claims = R"({"iss":"https://auth.prod.example.com","exp":1800000000})") {
    const std::string input = base64url_encode(R"({"alg":")" + std::string(info(algorithm).name) + R"(","kid":"k"})") +
                              "." + base64url_encode(claims);
    unsigned char result[sha2::kMaxDigest];
    const std::size_t size = sha2::Hmac(info(algorithm).hash_bits, secret).mac(input, result);
    return input + "." + base64url_encode({reinterpret_cast<const char*>(result), size});
}

nlohmann::json json_of(const test::Outcome& outcome) { return nlohmann::json::parse(outcome.out); }

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Guessed : Estate {
    explicit Guessed(const std::string& secret) : Estate(shared_secret()), secret_text(secret) {
        put("jwtdomain/secret.jwks",
            R"({"keys":[{"kty":"oct","kid":"k","alg":"HS256","k":")" + base64url_encode(secret) + R"("}]})");
    }
    std::string secret_text;
    std::string path(const std::string& name) { return directory / name; }
};

} // namespace

TEST_CASE("crack/hit: a published secret is KEY-05, and every domain that takes it is named (KEY-05)") {
    Guessed estate("your-256-bit-secret");
    const std::string token = hmac_token("your-256-bit-secret");
    const test::Outcome text = estate.world.run({"crack", token});
    CAPTURE(text.out);
    CAPTURE(text.err);
    CHECK(text.status == 1);
    CHECK(test::first_line(text.out) == "CRACKED the secret of 1 of 1 token");
    CHECK(holds(text.out, "KEY-05 [critical]"));
    CHECK(holds(text.out, "jwt.io's HS256"));
    CHECK(holds(text.out, "prod, staging"));
    CHECK(test::widest_line(text.out) <= 80);
    const auto json = json_of(estate.world.run({"crack", "--format", "json", token}));
    CHECK(json["tokens"][0]["rule"] == "KEY-05");
    CHECK(json["tokens"][0]["domains"] == nlohmann::json::array({"prod", "staging"}));
    CHECK(json["tokens"][0]["claimed_domain"] == "prod");
    test::check_golden("crack/hit.json", estate.world.run({"crack", "--format", "json", token}).out);
}

TEST_CASE("crack/hit: a word of a list is KEY-06; it goes into a file of one's own, and nowhere else (KEY-06)") {
    const std::string secret = "Tr0ub4dor&3-of-prod";
    Guessed estate(secret);
    estate.put("words", "first\n" + secret + "\nlast\n");
    for (const Algorithm algorithm : {Algorithm::HS256, Algorithm::HS384, Algorithm::HS512}) {
        const std::string token = hmac_token(secret, algorithm), out = estate.path("found/secrets");
        std::filesystem::remove(out);
        estate.world.terminal_err = true;
        estate.world.tick = 600;
        const test::Outcome run =
            estate.world.run({"crack", "-w", estate.path("words"), "--out", out, "--resume",
                              estate.path("state-" + std::string(info(algorithm).name)), "--verbose", token});
        CHECK(run.status == 1);
        CHECK(holds(run.out, "KEY-06"));
        CHECK(holds(run.out, "secrets"));
        struct stat info {};
        REQUIRE(::stat(out.c_str(), &info) == 0);
        CHECK((info.st_mode & 0777) == 0600);
        const auto keys = nlohmann::json::parse(estate.read("found/secrets"));
        CHECK(keys["keys"][0]["k"] == base64url_encode(secret));
        CHECK(keys["keys"][0]["text"] == secret);
        for (const std::string& told : {run.out, run.err, estate.read("state-HS256")}) {
            CHECK_FALSE(holds(told, secret));
            CHECK_FALSE(holds(told, base64url_encode(secret)));
            CHECK_FALSE(holds(told, token.substr(token.rfind('.') + 1)));
        }
        // What was written is a key that the other commands read.
        CHECK(estate.world.run({"triage", "--key", out}).status == 1);
        // It is there already: nothing is guessed, nothing is lost.
        const test::Outcome again = estate.world.run({"crack", "--out", out, token});
        CHECK(again.status == 3);
        CHECK(holds(again.err, "exists"));
    }
}

TEST_CASE("crack/hit: a secret that cannot be written is told to be lost, and no file is named that is not there") {
    Guessed estate("Tr0ub4dor&3-of-prod");
    estate.put("words", "Tr0ub4dor&3-of-prod\n");
    const std::string token = hmac_token("Tr0ub4dor&3-of-prod"), out = estate.path("words/secrets"); // below a file
    const test::Outcome run = estate.world.run({"crack", "-w", estate.path("words"), "--out", out, token});
    CHECK(run.status == 1); // it can be guessed, whatever else
    CHECK(holds(run.err, "not a directory"));
    CHECK(holds(run.out, "is lost"));
    CHECK_FALSE(holds(run.out, out));
    const auto json = nlohmann::json::parse(
        estate.world.run({"crack", "-w", estate.path("words"), "--out", out, "--format", "json", token}).out);
    CHECK(json["secrets_file"].is_null());
    CHECK(estate.read("words") == "Tr0ub4dor&3-of-prod\n");
}

TEST_CASE("crack/hit: what is not in the lists is not found, and that is all that is said") {
    Guessed estate(random_octets(32));
    estate.put("words", "one\ntwo\n\nthree");
    const std::string token = hmac_token(estate.secret_text);
    const auto run = estate.world.run({"crack", "--format", "json", "-w", estate.path("words"), token});
    CHECK(run.status == 0);
    const auto json = json_of(run);
    CHECK(json["verdict"] == "not-found");
    CHECK(json["complete"] == true);
    const auto shorter = json_of(estate.world.run({"crack", "--format", "json", token}));
    CHECK(json["secrets_tried"].get<int>() == shorter["secrets_tried"].get<int>() + 3);
    estate.world.cores = 3;
    const auto threads = json_of(estate.world.run({"crack", "--format", "json", "-w", estate.path("words"), token}));
    CHECK(threads == json);
}

TEST_CASE("crack/tokens: several at once, some of which cannot be tried") {
    Guessed estate("secret");
    const std::string es256 = estate.prod.token(), foreign = hmac_token("secret", Algorithm::HS256, R"({"iss":"x"})");
    const std::string lines = hmac_token("secret") + "\n{\"token\":\"" + hmac_token("password", Algorithm::HS512) +
                              "\",\"id\":\"b\"}\n\n" + es256 + "\n" + foreign + "\n" + hmac_token("secret") + "\n" +
                              hmac_token("secret").substr(0, 80) + "\n";
    const auto run = estate.world.run_with_input(lines, {"crack", "--input", "jsonl", "--format", "json"});
    CHECK(run.status == 1);
    const auto json = json_of(run);
    CHECK(json["tokens"].size() == 2);
    CHECK(json["found"] == 2);
    CHECK(json["not_tried"].size() == 3);
    CHECK(json["not_tried"][0]["why"].get<std::string>().find("ES256") != std::string::npos);
    CHECK(json["not_tried"][1]["why"].get<std::string>().find("--foreign") != std::string::npos);
    const auto both =
        json_of(estate.world.run_with_input(lines, {"crack", "--input", "jsonl", "--foreign", "--format", "json"}));
    CHECK(both["found"] == 3);
}

TEST_CASE("crack/tokens: of a token of nobody's policy nothing is guessed unless that is asked for") {
    const std::string token = hmac_token("secret");
    const auto refused = test::run_alone({"crack", token});
    CHECK(refused.status == 2);
    CHECK(holds(refused.err, "--foreign"));
    const auto allowed = test::run_alone({"crack", "--foreign", token});
    CHECK(allowed.status == 1);
    CHECK(holds(allowed.out, "not known without a policy"));
    Guessed estate("secret");
    const std::string foreign = hmac_token("secret", Algorithm::HS256, R"({"iss":"https://elsewhere.example"})");
    CHECK(estate.world.run({"crack", foreign}).status == 3);
    CHECK(estate.world.run({"crack", "--foreign", foreign}).status == 1);
    CHECK(test::run_alone({"crack", "--foreign"}).status == 4);
    CHECK(test::run_alone({"crack", "--foreign", "-w", "/nonexistent", token}).status == 3);
    CHECK(test::run_alone({"crack", "--foreign", "-w", "-", "-"}).status == 2);
    CHECK(test::run_alone({"crack", "--foreign", "--mutate", token}).status == 2);
}

TEST_CASE("crack/words: lines of all kinds, from standard input, varied on request") {
    Guessed estate("Wednesday2024!");
    std::string list = std::string(3u << 20, 'x') + "\nend of a line that is too long\r\n";
    for (int i = 0; i < 100'000; ++i) list += "word " + std::to_string(i) + "\n"; // more than a piece
    const auto found = [&](const std::string& secret, std::vector<std::string> more) {
        estate.put("token", hmac_token(secret));
        std::vector<std::string> words{"crack", "-w", "-", "@" + estate.path("token"), "--jobs", "2"};
        words.insert(words.end(), more.begin(), more.end());
        return estate.world.run_with_input(list + "the last", words).status == 1;
    };
    CHECK(found("the last", {}));
    CHECK(found("word 0", {}));
    CHECK(found("word 77777", {}));
    CHECK(found("word 99999", {}));
    CHECK(found("end of a line that is too long", {}));
    CHECK_FALSE(found("WORD 17!!", {}));
    list = "word 16\nword 17\n";
    CHECK(found("WORD 17!!", {"--mutate"}));
}

TEST_CASE("crack/resume: a search that was stopped goes on where it was, and keeps what it found") {
    Guessed estate("w 150000");
    std::string list;
    for (int i = 0; i < 200'000; ++i) list += "w " + std::to_string(i) + "\n";
    estate.put("words", list);
    estate.put("tokens", hmac_token("secret") + "\n" + hmac_token("w 199998") + "\n");
    const std::vector<std::string> words{"crack",
                                         "--input",
                                         "jsonl",
                                         "-w",
                                         estate.path("words"),
                                         "--resume",
                                         estate.path("state"),
                                         "--out",
                                         estate.path("out/found"),
                                         "--format",
                                         "json",
                                         "@" + estate.path("tokens")};
    estate.world.stop = true;
    const auto stopped = estate.world.run(words);
    CHECK(stopped.status == 130);
    CHECK(holds(stopped.err, "goes on from"));
    CHECK(json_of(stopped)["verdict"] == "stopped");
    estate.world.stop = false;
    const auto all = json_of(estate.world.run(words));
    CHECK(all["found"] == 2);
    const auto again = estate.world.run(words); // all is found: nothing is left to be tried
    CAPTURE(again.err);
    REQUIRE(again.status == 1);
    CHECK(json_of(again)["tokens"][0]["found_earlier"] == true);
    CHECK(nlohmann::json::parse(estate.read("out/found"))["keys"].size() == 2);
    // A place in the list is believed: nothing before it is tried again.
    const std::string state = estate.read("state");
    estate.put("state", state.substr(0, state.find('\n') + 1) + R"({"list":1,"at":0,"tried":7})" + "\n{\"list\":");
    std::filesystem::permissions(estate.path("state"), std::filesystem::perms(0600));
    std::filesystem::remove(estate.path("out/found"));
    const auto behind = json_of(estate.world.run(words));
    CHECK(behind["found"] == 1); // the built-in one
    estate.put("words", list + "another\n");
    const auto other = estate.world.run(words);
    CHECK(other.status == 3);
    CHECK(holds(other.err, "no such search"));
}

TEST_CASE("crack/export: as hashcat and john read it") {
    Guessed estate("secret");
    const std::string a = hmac_token("one", Algorithm::HS512), b = hmac_token("two");
    const auto run = [&](const std::string& tool) {
        return estate.world.run_with_input(a + "\n" + b + "\n", {"crack", "--input", "jsonl", "--export", tool});
    };
    const auto hashcat = run("hashcat");
    CHECK(hashcat.status == 0);
    CHECK(hashcat.out == b + "\n" + a + "\n");
    CHECK(holds(hashcat.err, "one algorithm in a run"));
    const auto john = run("john");
    const std::string input = b.substr(0, b.rfind('.'));
    REQUIRE(john.out.substr(0, input.size() + 1) == input + "#");
    const std::string line = test::first_line(john.out);
    CHECK(line.size() == input.size() + 1 + 64);
    const std::string huge = hmac_token(
        "x", Algorithm::HS256, R"({"iss":"https://auth.prod.example.com","a":")" + std::string(3000, 'a') + "\"}");
    CHECK(estate.world.run({"crack", "--export", "hashcat", huge}).status == 3);
    CHECK(estate.world.run({"crack", "--export", "john", huge}).status == 0);
    CHECK(estate.world.run({"crack", "--export", "john", "--out", "x", huge}).status == 2);
}
