#include <array>
#include <doctest/doctest.h>

#include "jwtdomain/audit/baseline.h"

using namespace jwtdomain;

namespace {

constexpr std::array<std::string_view, 2> kRules{"ISOLATION", "KEY-01"};

std::string entry(const std::string& rule, const std::string& fingerprint) {
    return R"({"rule":")" + rule + R"(","fingerprint":")" + fingerprint +
           R"(","what":"it crosses","owner":"platform","since":"2023-11-14"})";
}
std::string refusal_of(const std::string& text) {
    const auto known = audit::read_baseline(text, "known.json", kRules);
    return known ? "" : describe(known.error());
}

} // namespace

TEST_CASE("audit/baseline: each entry has an owner and a date") {
    const std::string text = R"({"version":1,"known":[)" + entry("KEY-01", "a") + "," + entry("ISOLATION", "b") + "]}";
    const auto known = audit::read_baseline(text, "known.json", kRules);
    REQUIRE(known.has_value());
    REQUIRE(known->size() == 2);
    CHECK((*known)[0].rule == "KEY-01");
    CHECK((*known)[0].owner == "platform");
    CHECK(format_time((*known)[0].since) == "2023-11-14T00:00:00Z");
    CHECK((*known)[1].fingerprint == "b");
    CHECK(audit::read_baseline(R"({"version":1,"known":[]})", "known.json", kRules)->empty());
}

TEST_CASE("audit/baseline: what is none is refused, and says how to make one") {
    for (const char* text : {"{}", "[]", "1", "not json", R"({"version":1,"command":"audit"})", ""})
        CHECK(refusal_of(text) != "");
    CHECK(audit::read_baseline("{}", "known.json", kRules).error().hint.find("--write-baseline") != std::string::npos);
    CHECK(refusal_of(R"({"version":2,"known":[]})").find("version") != std::string::npos);
    CHECK(refusal_of(R"({"version":1,"known":[{"rule":"KEY-01","fingerprint":"a"}]})").find("owner") !=
          std::string::npos);
    CHECK(refusal_of(R"({"version":1,"known":[)" + entry("KEY-1", "a") + "]}").find("no rule 'KEY-1'") !=
          std::string::npos);
    CHECK(refusal_of(R"({"version":1,"known":[)" + entry("KEY-01", "a") + "," + entry("KEY-01", "a") + "]}")
              .find("twice") != std::string::npos);
}
