#include <doctest/doctest.h>

#include <set>

#include "tests/support/issuing.h"

using namespace jwtdomain;
using namespace jwtdomain::test;
using Json = nlohmann::ordered_json;

TEST_CASE("issue/count: many tokens of one request differ in jti and nothing else") {
    Issuing it;
    const std::vector<std::string> tokens = lines_of(it.must(it.line({"--count", "300"})));
    REQUIRE(tokens.size() == 300);
    std::set<std::string> ids;
    for (const std::string& token : tokens) ids.insert(claims_of(token)["jti"].get<std::string>());
    CHECK(ids.size() == 300);
    CHECK(it.verify("prod", tokens.back()) == 0);
    for (const char* wrong : {"0", "-1", "x", "1e3", "99999999999"}) CHECK(it.issue({"--count", wrong}).status == 2);
    CHECK(it.issue({"--count", "2", "--format", "json"}).status == 2);
}

TEST_CASE("issue/input: a token for each line, in order, whatever the number of threads") {
    Issuing it;
    std::string input;
    for (int i = 0; i < 500; ++i)
        input += "{\"subject\":\"user-" + std::to_string(i) +
                 "\",\"scope\":[\"orders:read\"],\"ttl\":" + std::to_string(60 + i) + "}\n";
    for (const char* jobs : {"1", "4"}) {
        const Outcome outcome =
            it.world.run_with_input(input, {"issue", "--domain", "prod", "--input", "jsonl", "--jobs", jobs});
        REQUIRE_MESSAGE(outcome.status == 0, outcome.err);
        const std::vector<std::string> tokens = lines_of(outcome.out);
        REQUIRE(tokens.size() == 500);
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const Json claims = claims_of(tokens[i]);
            CHECK(claims["sub"] == "user-" + std::to_string(i));
            CHECK(claims["exp"] == 1'700'000'060 + static_cast<std::int64_t>(i));
        }
        CHECK(it.verify("prod", tokens[17]) == 0);
    }
}

TEST_CASE("issue/input: options are the defaults of lines; members of all kinds are read") {
    Issuing it;
    const Outcome outcome = it.world.run_with_input("{}\n{\"sub\":\"bob\",\"aud\":[\"https://"
                                                    "api.prod.example.com\"],\"client\":\"ci\",\"ttl\":\"1m\",\"not_"
                                                    "before\":\"+30s\",\"claims\":{\"role\":\"writer\"}}\n",
                                                    it.line({"--input", "jsonl", "--scope", "orders:read"}));
    REQUIRE_MESSAGE(outcome.status == 0, outcome.err);
    CHECK(claims_of(lines_of(outcome.out)[0])["sub"] == "alice");
    const Json claims = claims_of(lines_of(outcome.out)[1]);
    CHECK(claims["sub"] == "bob");
    CHECK(claims["scope"] == "orders:read");
    CHECK(claims["nbf"] == 1'700'000'030);
    CHECK(claims["exp"] == 1'700'000'060);
    CHECK(claims["role"] == "writer");
}

TEST_CASE("issue/input: a bad line gives an empty line in its place, and an error that names it") {
    Issuing it;
    const Outcome outcome = it.world.run_with_input(
        "{}\nnot json\n{\"subjekt\":\"x\"}\n{\"ttl\":\"1d\"}\n{\"claims\":{\"iss\":\"x\"}}\n{\"sub\":1}\n\n[]\n{}\n",
        it.line({"--input", "jsonl"}));
    CHECK(outcome.status == 3);
    const std::vector<std::string> tokens = lines_of(outcome.out);
    REQUIRE(tokens.size() == 8); // the blank line of the input asks for nothing
    CHECK(it.verify("prod", tokens[0]) == 0);
    for (std::size_t i = 1; i < 7; ++i) CHECK(tokens[i].empty());
    CHECK(it.verify("prod", tokens[7]) == 0);
    CHECK(outcome.err.find("line 2: not strict JSON") != std::string::npos);
    CHECK(outcome.err.find("did you mean \"subject\"?") != std::string::npos);
    CHECK(outcome.err.find("line 4: a life of 1d") != std::string::npos);
    CHECK(outcome.err.find("line 5:") != std::string::npos);
    CHECK(it.world.run_with_input("", it.line({"--input", "jsonl"})).status == 4);
    CHECK(it.world.run_with_input(std::string("\0\xff\n", 3), it.line({"--input", "jsonl"})).status == 3);
    CHECK(it.issue({"--input", "csv"}).status == 2);
    it.world.stop = 2;
    CHECK(it.world.run_with_input("{}\n", it.line({"--input", "jsonl"})).status == 130);
}
