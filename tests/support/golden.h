// Golden files: the machine-readable reports as they were frozen. After a wanted change, run the test once with
// JWTDOMAIN_UPDATE_GOLDEN=1 in the environment and look at the difference.
#pragma once

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace jwtdomain::test {

// `name` is relative to tests/data/golden/: "inspect/keycloak.json".
inline void check_golden(const std::string& name, const std::string& text) {
    const std::filesystem::path file = std::filesystem::path(TEST_DATA) / "golden" / name;
    const char* const update = std::getenv("JWTDOMAIN_UPDATE_GOLDEN");
    if (update != nullptr && std::string(update) == "1") {
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
    }
    std::ifstream in(file, std::ios::binary);
    REQUIRE_MESSAGE(in.good(), "there is no golden file " << name);
    const std::string golden{std::istreambuf_iterator<char>(in), {}};
    CHECK(text == golden);
}

} // namespace jwtdomain::test
