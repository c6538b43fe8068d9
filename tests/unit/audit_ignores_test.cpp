#include <array>
#include <doctest/doctest.h>

#include "jwtdomain/audit/ignores.h"

using namespace jwtdomain;

namespace {

constexpr Time kNow = 1'700'000'000; // 2023-11-14T22:13:20Z
constexpr std::array<std::string_view, 2> kRules{"ISOLATION", "KEY-01"};

Result<std::vector<audit::Ignore>> read(std::string_view text) {
    return audit::read_ignores(text, "p/ignores.yaml", kRules, kNow);
}
std::string refusal_of(std::string_view text) {
    const auto list = read(text);
    return list ? "" : describe(list.error());
}
std::string entry(const std::string& rule, const std::string& expires) {
    return "- {rule: " + rule + ", where: prod, reason: moving, owner: platform, expires: " + expires + "}\n";
}

} // namespace

TEST_CASE("audit/ignores: a list is read, with its places") {
    const auto list = read("# accepted\n" + entry("KEY-01", "2023-12-24") + entry("ISOLATION", "2024-01-01T00:00:00Z"));
    REQUIRE(list.has_value());
    REQUIRE(list->size() == 2);
    CHECK((*list)[0].rule == "KEY-01");
    CHECK((*list)[0].where == "prod");
    CHECK((*list)[0].owner == "platform");
    CHECK((*list)[0].reason == "moving");
    CHECK(format_time((*list)[0].expires) == "2023-12-24T00:00:00Z");
    CHECK((*list)[1].place.line == 3);
    CHECK(read("").value().empty());
    CHECK(read("[]").value().empty());
}

TEST_CASE("audit/ignores: what is wrong is refused at its place") {
    CHECK(refusal_of("rule: KEY-01\n").find("p/ignores.yaml:1:") == 0);
    CHECK(refusal_of("- {rule: KEY-01, where: prod, owner: x, expires: 2023-12-24}\n").find("reason") !=
          std::string::npos);
    CHECK(refusal_of("- {rule: KEY-01, were: prod, reason: y, owner: x, expires: 2023-12-24}\n").find("were") !=
          std::string::npos);
    CHECK(refusal_of(entry("KEY-1", "2023-12-24")).find("there is no rule 'KEY-1'") != std::string::npos);
    CHECK(refusal_of(entry("KEY-01", "soon")) != "");
    CHECK(refusal_of(entry("KEY-01", "2024-05-13")).find("at most 180 days") != std::string::npos);
    CHECK(refusal_of(entry("KEY-01", "2024-05-12")) == "");
    CHECK(refusal_of("- {\n") != "");
    const std::string twice = refusal_of(entry("KEY-01", "2023-12-24") + entry("KEY-01", "2024-01-01"));
    CHECK(twice.find("p/ignores.yaml:2:") == 0);
    CHECK(twice.find("ignored twice") != std::string::npos);
}

TEST_CASE("audit/ignores: one matches its rule, at a name or a fingerprint, until it expires") {
    const auto list = read(entry("KEY-01", "2023-11-20")).value();
    const audit::Ignorable there{.rule = "KEY-01", .fingerprint = "f00", .names = {"staging", "prod"}};
    CHECK(audit::matches(list[0], there));
    CHECK(!audit::matches(list[0], {.rule = "ISOLATION", .fingerprint = "f00", .names = {"prod"}}));
    CHECK(!audit::matches(list[0], {.rule = "KEY-01", .fingerprint = "f00", .names = {"prod/eu"}}));
    CHECK(audit::matches(list[0], {.rule = "KEY-01", .fingerprint = "prod", .names = {}}));
    CHECK(audit::find_ignore(list, there, kNow) == 0);
    CHECK(audit::find_ignore(list, there, list[0].expires) == audit::kNotIgnored);
    CHECK(list[0].expires_soon(kNow));
    CHECK(!list[0].expires_soon(kNow - 14 * 86400));
    CHECK(!list[0].expires_soon(list[0].expires));
    CHECK(list[0].expired(list[0].expires));
}
