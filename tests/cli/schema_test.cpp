#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "../support/fake_world.h"

using jwtdomain::test::run_alone;

TEST_CASE("schema/print: both schemas are JSON that names its dialect, and others are refused") {
    for (const char* what : {"policy", "verifier"}) {
        const auto outcome = run_alone({"schema", what});
        CHECK(outcome.status == 0);
        const auto schema = nlohmann::json::parse(outcome.out, nullptr, false);
        REQUIRE(schema.is_object());
        CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
    }
    CHECK(run_alone({"schema", "polcy"}).status == 2);
}
