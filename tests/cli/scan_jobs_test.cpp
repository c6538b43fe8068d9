// `scan` on several threads: the same bytes as on one.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <random>

#include "../support/estate.h"
#include "cli/scan/plain_object.h"
#include "jwtdomain/base/base64url.h"

using namespace jwtdomain;
using test::Estate;

namespace {

std::string numbered_token(unsigned number) {
    return base64url_encode(R"({"alg":"HS256"})") + "." +
           base64url_encode(R"({"sub":"u)" + std::to_string(number) + R"(","exp":4000000000})") + "." +
           std::string(42, static_cast<char>('A' + number % 26)) + "A";
}

} // namespace

TEST_CASE("scan/jobs: large and small files, in every format") {
    Estate estate;
    std::mt19937 random(3);
    std::string large;
    while (large.size() < (4u << 20)) { // four segments
        large += std::string(random() % 3000, 'x') + (random() % 2 ? "\n" : " ");
        large += numbered_token(static_cast<unsigned>(random() % 300));
        large += random() % 3 ? "\n" : "eyJ";
    }
    estate.put("many/large.log", large);
    for (unsigned i = 0; i < 200; ++i) estate.put("many/" + std::to_string(i), "a\n" + numbered_token(i * 7) + "\n");
    for (const char* const format : {"jsonl", "json", "text", "csv"}) {
        const auto scan = [&](const char* jobs) {
            return estate.world.run({"scan", "--format", format, "--jobs", jobs, estate.directory / "many"});
        };
        const test::Outcome one = scan("1");
        CHECK(one.out.find("large.log") != std::string::npos);
        for (const char* const jobs : {"2", "5"}) {
            const test::Outcome several = scan(jobs);
            CHECK(several.status == one.status);
            CHECK((several.out == one.out)); // not shown where it differs: it is long
        }
    }
    CHECK(estate.world.run({"scan", "--jobs", "0", estate.directory / "many"}).status == 2);
}

TEST_CASE("scan/jobs: an object is written as it stands where reading and writing it changes nothing") {
    using cli::is_plain_object;
    for (const char* const plain :
         {"{}", R"({"a":1})", R"({"a":-12,"b":[],"c":[1,"x",{"d":null}],"e":true,"f":false,"g":0})"}) {
        CHECK(is_plain_object(plain));
        CHECK(nlohmann::ordered_json::parse(plain).dump(-1, ' ', true) == plain);
    }
    for (const char* const other : {"",
                                    "[]",
                                    "1",
                                    "{",
                                    R"({"a":1}})",
                                    R"({"a":1,"a":2})",
                                    R"({"a":-0})",
                                    R"({"a":01})",
                                    R"({"a":1.0})",
                                    R"({"a":1e3})",
                                    R"({"a":12345678901234567890})",
                                    R"({"a": 1})",
                                    R"({"a":"\n"})",
                                    "{\"a\":\"\x7f\"}",
                                    "{\"a\":\"\xc3\xa4\"}",
                                    R"({"a":tru})",
                                    R"({"a"})",
                                    R"({"a":"x)",
                                    R"({,})",
                                    R"({"a":[1,]})"})
        CHECK(!is_plain_object(other));
    CHECK(!is_plain_object(std::string(1u << 20, '[')));
    // Whatever it takes is what is written.
    std::mt19937 random(11);
    constexpr std::string_view kPieces[] = {"{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "1", "-3", "true", "null"};
    int taken = 0;
    for (int round = 0; round < 200000; ++round) {
        std::string text = "{";
        for (std::size_t i = random() % 8; i > 0; --i) text += kPieces[random() % std::size(kPieces)];
        text += "}";
        if (!is_plain_object(text)) continue;
        ++taken;
        const auto value = nlohmann::ordered_json::parse(text, nullptr, false);
        REQUIRE(!value.is_discarded());
        REQUIRE(value.dump(-1, ' ', true) == text);
    }
    CHECK(taken > 100);
}
