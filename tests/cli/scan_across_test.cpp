// `scan --across`: what tokens show only beside each other.
#include <fstream>
#include <sys/stat.h>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "../support/estate.h"
#include "../support/forced_nonce.h"

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

TEST_CASE("scan/across: what does not go together") {
    test::FakeWorld world;
    CHECK(world.run_with_input("x", {"scan", "--recover", "x"}).status == 2);
    CHECK(world.run_with_input("x", {"scan", "--across", "--shard", "0/2"}).status == 2);
}
