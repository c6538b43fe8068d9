#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/suggest.h"

using jwtdomain::nearest;

namespace {
const std::vector<std::string> kDomains{"prod", "staging", "ci", "prod/tenant-a", "development"};
}

TEST_CASE("suggest/nearest: typing errors") {
    CHECK(nearest("prd", kDomains) == "prod");
    CHECK(nearest("rpod", kDomains) == "prod");
    CHECK(nearest("stagign", kDomains) == "staging");
    CHECK(nearest("stageing", kDomains) == "staging");
    CHECK(nearest("prod/tenant-b", kDomains) == "prod/tenant-a");
    CHECK(nearest("devlopmnet", kDomains) == "development");
}

TEST_CASE("suggest/nearest: case is not an error") {
    CHECK(nearest("PROD", kDomains) == "prod");
    CHECK(nearest("CI", kDomains) == "ci");
}

TEST_CASE("suggest/nearest: the beginning of exactly one name") {
    CHECK(nearest("dev", kDomains) == "development");
    CHECK(nearest("prod/", kDomains) == "prod"); // one letter too many is nearer than eight too few
    CHECK(nearest("t", std::vector<std::string>{"tenant-a", "tenant-b"}).empty());
    CHECK(nearest("tenant", std::vector<std::string>{"tenant-alpha", "tenant-bravo"}).empty());
}

TEST_CASE("suggest/nearest: nothing is better than a wrong guess") {
    CHECK(nearest("", kDomains).empty());
    CHECK(nearest("eu", kDomains).empty());
    CHECK(nearest("banana", kDomains).empty());
    CHECK(nearest("prod", std::vector<std::string>{}).empty());
    CHECK(nearest("x", std::vector<std::string>{"", "y"}).empty());
}

TEST_CASE("suggest/nearest: very long words cost nothing and match nothing") {
    const std::string word(1000000, 'a');
    CHECK(nearest(word, std::vector<std::string>{word, "aaa"}).empty());
    CHECK(nearest("aaa", std::vector<std::string>{word}).empty());
    CHECK(nearest(std::string(64, 'a'), std::vector<std::string>{std::string(63, 'a')}) == std::string(63, 'a'));
}

TEST_CASE("suggest/nearest: of equally near names the first, from a table of views") {
    constexpr std::string_view kNames[] = {"aud", "aue"};
    CHECK(nearest("auf", kNames) == "aud");
}
