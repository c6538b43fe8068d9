// `scan --across`: what tokens show only beside each other.
#include <fstream>
#include <sys/stat.h>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "../support/estate.h"
#include "../support/forced_nonce.h"
#include "../support/rsa_three.h"

using namespace jwtdomain;
using test::Estate;

namespace {

nlohmann::json across_of(const test::Outcome& outcome) { return nlohmann::json::parse(outcome.out)["across"]; }

std::vector<std::string> codes_of(const nlohmann::json& across) {
    std::vector<std::string> out;
    for (const auto& finding : across["findings"]) out.push_back(finding["code"]);
    return out;
}

std::string twice(const test::Issuer& issuer, const std::string& more) {
    return test::sign_with_nonce(issuer.key, Algorithm::ES256, issuer.header(), issuer.claims(more),
                                 test::nonce_of(KeyType::p256, 3));
}

} // namespace

TEST_CASE("scan/across: a nonce that staging used twice opens staging; its private key is written, and never shown") {
    Estate estate;
    const std::string text = twice(estate.staging, R"(,"n":1)") + "\n" + twice(estate.staging, R"(,"n":2)") + "\n";
    const std::string out = estate.directory / "found/keys";
    const test::Outcome run =
        estate.world.run_with_input(text, {"scan", "--across", "--recover", out, "--format", "json"});
    CHECK(run.status == 1);
    const auto across = across_of(run);
    REQUIRE(across["findings"].size() >= 1);
    const auto& nonce = across["findings"][0];
    CHECK(nonce["code"] == "repeated-nonce");
    CHECK(nonce["severity"] == "critical");
    CHECK(nonce["tokens"].size() == 2);
    CHECK(nonce["domains"] == nlohmann::json::array({"staging"}));
    CHECK(nonce["r"].get<std::string>().size() == 64);
    CHECK(across["recovered"] == out);
    struct stat info {};
    REQUIRE(::stat(out.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    const auto written = nlohmann::json::parse(estate.read("found/keys"));
    const std::string d = base64url_encode(estate.staging.key.numbers()->d.expose());
    CHECK(written["keys"][0]["d"] == d);
    CHECK(run.out.find(d) == std::string::npos);
    const test::Outcome readable = estate.world.run_with_input(text, {"scan", "--across"});
    CHECK(readable.out.find("repeated-nonce") != std::string::npos);
    CHECK(readable.out.find(d) == std::string::npos);
    CHECK(test::widest_line(readable.out) <= 80);
    // It is there already: nothing is scanned.
    const test::Outcome again = estate.world.run_with_input(text, {"scan", "--across", "--recover", out});
    CHECK(again.status == 3);
    CHECK(again.out.empty());
}

TEST_CASE("scan/across: where the keys cannot be written, the report is made all the same") {
    Estate estate;
    const std::string text = twice(estate.staging, R"(,"n":1)") + "\n" + twice(estate.staging, R"(,"n":2)") + "\n";
    std::ofstream(estate.directory / "file") << "x";
    const test::Outcome run = estate.world.run_with_input(
        text, {"scan", "--across", "--recover", estate.directory / "file/keys", "--format", "json"});
    CHECK(run.status == 1);
    CHECK(run.err.find("not a directory") != std::string::npos);
    const auto across = across_of(run);
    CHECK(across["findings"][0]["code"] == "repeated-nonce");
    CHECK(!across.contains("recovered"));
}

TEST_CASE("scan/across: expired tokens show it, too; without --across nothing is said of it") {
    Estate estate;
    const std::string text = twice(estate.prod, R"(,"n":1)") + "\n" + twice(estate.prod, R"(,"n":2)") + "\n";
    CHECK(estate.world.run_with_input(text, {"scan", "--time", "2100-01-01"}).status == 0);
    const test::Outcome run = estate.world.run_with_input(text, {"scan", "--across", "--time", "2100-01-01"});
    CHECK(run.status == 1);
    CHECK(test::first_line(run.out).rfind("LEAKED", 0) == 0);
    // Without a policy it is not known what the key opens.
    test::FakeWorld alone;
    const auto across = across_of(alone.run_with_input(text, {"scan", "--across", "--format", "json"}));
    CHECK(across["findings"][0]["code"] == "repeated-nonce");
    CHECK(across["findings"][0]["domains"].empty());
}

TEST_CASE("scan/across: one jti in two tokens, client keys and audiences of two domains, lives over the policy") {
    Estate estate;
    const std::string bound = R"(,"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"})";
    const auto found = [&](const std::vector<std::string>& tokens) {
        std::string text;
        for (const std::string& token : tokens) text += token + "\n";
        return codes_of(across_of(estate.world.run_with_input(text, {"scan", "--across", "--format", "json"})));
    };
    using Codes = std::vector<std::string>;
    CHECK(found({estate.prod.token()}).empty());
    CHECK(found({estate.prod.token(), estate.staging.token()}).empty()); // one jti, of two issuers
    CHECK(found({estate.prod.token(), estate.prod.token(R"(,"n":1)")}) == Codes{"repeated-id"});
    CHECK(found({estate.prod.token(bound), estate.staging.token(bound)}) == Codes{"KEY-08"});
    const auto with = [&](const std::string& claims) {
        return test::sign(estate.prod.signer, estate.prod.header(), claims);
    };
    CHECK(found({with(R"({"iss":"https://auth.prod.example.com","iat":1700000000,"exp":1800000000,)"
                      R"("aud":"https://api.prod.example.com"})")}) == Codes{"LIF-01"});
    CHECK(found({with(R"({"iss":"https://auth.prod.example.com","iat":1700000000,"exp":1700000300,)"
                      R"("aud":["https://api.prod.example.com","https://api.staging.example.com"]})")}) ==
          Codes{"AUD-04"});
}

TEST_CASE("scan/across: the public key that two RSA tokens give away, if no key set has it") {
    Estate estate;
    const test::RsaOfOpenssl key(2048, 3), usual(1024, 65537);
    const std::string header = R"({"alg":"RS256","kid":"r"})";
    const auto claims = [](const std::string& issuer, int n) {
        return R"({"iss":")" + issuer + R"(","iat":1700000000,"exp":1700000300,"n":)" + std::to_string(n) + "}";
    };
    std::string text;
    for (int n = 0; n < 3; ++n) text += key.token(header, claims("https://a", n)) + "\n";
    for (int n = 0; n < 2; ++n) text += usual.token(header, claims("https://b", n)) + "\n";
    const auto across = across_of(estate.world.run_with_input(text, {"scan", "--across", "--format", "json"}));
    REQUIRE(codes_of(across) == std::vector<std::string>{"rsa-key"});
    const auto& found = across["findings"][0];
    CHECK(found["jwk"]["n"] == base64url_encode(key.modulus()));
    CHECK(found["jwk"]["e"] == "Aw");
    CHECK(found["tokens"].size() == 3);
    CHECK(found["key"].get<std::string>().size() == 43);
    REQUIRE(across["notes"].size() == 1); // the usual exponent takes long, and is for who asks for it
    CHECK(across["notes"][0].get<std::string>().find("of 1 unknown RSA key there are two tokens") == 0);
    const test::Outcome readable = estate.world.run_with_input(text, {"scan", "--across"});
    CHECK(readable.out.find("a candidate for the public key of tokens of https://a, kid r") != std::string::npos);
    CHECK(readable.out.find(base64url_encode(key.modulus())) != std::string::npos); // in one piece
}

TEST_CASE("scan/across: reports that are added up keep what each shows, and say what none can") {
    Estate estate;
    const auto report = [&](const std::string& name, const std::string& text, std::vector<std::string> words) {
        words.insert(words.begin(), {"scan", "--format", "json:" + (estate.directory / name), "--format", "text"});
        estate.world.run_with_input(text, words);
        estate.world.input.reset();
        return estate.directory / name;
    };
    const std::string nonces = twice(estate.staging, R"(,"n":1)") + "\n" + twice(estate.staging, R"(,"n":2)") + "\n";
    const std::string ids = estate.prod.token() + "\n" + estate.prod.token(R"(,"n":1)") + "\n";
    const std::string a = report("a", nonces, {"--across"}), b = report("b", ids, {"--across"}),
                      c = report("c", "x", {});
    const auto merged = [&](const std::vector<std::string>& reports) {
        std::vector<std::string> words{"scan", "merge", "--format", "json"};
        words.insert(words.end(), reports.begin(), reports.end());
        return estate.world.run(words);
    };
    const test::Outcome all = merged({a, b, c});
    CHECK(all.status == 1);
    const auto across = across_of(all);
    CHECK(codes_of(across) == std::vector<std::string>{"repeated-nonce", "repeated-id", "repeated-id"});
    CHECK(across["runs"] == 2);
    CHECK(across["runs_without"] == 1);
    CHECK(across["findings"][0]["domains"] == nlohmann::json::array({"staging"}));
    CHECK(merged({a}).out == estate.read("a"));
    CHECK(merged({a, a}).out.find("\"runs\": 2") != std::string::npos);
    CHECK(codes_of(across_of(merged({a, a}))) == codes_of(across_of(merged({a}))));
    CHECK(!nlohmann::json::parse(merged({c}).out).contains("across"));
    const test::Outcome readable = estate.world.run({"scan", "merge", a, b, c});
    CHECK(readable.out.find("within each of 2 runs alone, and in 1 more not at all") != std::string::npos);
    CHECK(test::widest_line(readable.out) <= 80);
    // What only the findings make fail fails when it is added up, too.
    const std::string old = report("d", nonces, {"--across", "--time", "2100-01-01"});
    CHECK(merged({old}).status == 1);
}

TEST_CASE("scan/across: what does not go together") {
    test::FakeWorld world;
    CHECK(world.run_with_input("x", {"scan", "--derive-keys"}).status == 2);
    CHECK(world.run_with_input("x", {"scan", "--recover", "x"}).status == 2);
    CHECK(world.run_with_input("x", {"scan", "--across", "--shard", "0/2"}).status == 2);
}
