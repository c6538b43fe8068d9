// A policy on disk with two domains, staging and prod, in a world whose private state is in a directory of its own.
#pragma once

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/fake_world.h"
#include "tests/unit/temporary_directory.h"

namespace jwtdomain::test {

inline void write_text(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

inline std::string read_text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class TwoDomains {
public:
    TemporaryDirectory directory;
    FakeWorld world;

    TwoDomains() {
        world.working_directory = directory.path();
        world.variables["XDG_STATE_HOME"] = directory / "state";
        put("policy.yaml", "version: 1\n");
        put_domain("staging", "");
        put_domain("prod", "");
    }

    std::string policy_file(const std::string& name) const { return directory / ("jwtdomain/" + name); }
    void put(const std::string& name, const std::string& text) const { write_text(policy_file(name), text); }
    // The domain's file, with further lines at its end.
    void put_domain(const std::string& name, const std::string& further) const {
        put("domains/" + name + ".yaml", "domain: " + name + "\nissuer: https://auth." + name +
                                             ".example.com\naudiences: [https://api." + name +
                                             ".example.com]\njwks: jwks/" + name + ".json\n" + further);
    }
    std::string key_store() const { return directory / "state/jwtdomain/keys"; }
    std::size_t stored_keys() const {
        std::size_t count = 0;
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(key_store(), none))
            count += entry.path().extension() == ".jwk";
        return count;
    }

    // Runs a command that must succeed; what it wrote to standard output.
    std::string must(const std::vector<std::string>& arguments) {
        const Outcome outcome = world.run(arguments);
        REQUIRE_MESSAGE(outcome.status == 0, outcome.err);
        return outcome.out;
    }
    void make_keys() {
        must({"keygen", "--domain", "staging"});
        must({"keygen", "--domain", "prod"});
    }
};

} // namespace jwtdomain::test
