#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "../support/golden.h"
#include "../support/two_domains.h"

using namespace jwtdomain;
using test::first_line;
namespace fs = std::filesystem;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// A world in an empty directory, with private state beside it.
struct Empty {
    TemporaryDirectory directory;
    test::FakeWorld world;
    Empty() {
        world.working_directory = directory / "work";
        fs::create_directories(world.working_directory);
        world.variables["XDG_STATE_HOME"] = directory / "state";
    }
    std::map<std::string, std::string> contents() const {
        std::map<std::string, std::string> all;
        for (const auto& entry : fs::recursive_directory_iterator(directory.path())) {
            if (entry.is_regular_file()) all[entry.path().string()] = test::read_text(entry.path().string());
        }
        return all;
    }
};

} // namespace

TEST_CASE("init/new: two domains that mint, verify at home and refuse each other") {
    Empty e;
    const auto made =
        e.world.run({"init", "--domain", "staging", "--domain", "prod", "--base-url", "https://acme.example"});
    CAPTURE(made.err);
    REQUIRE(made.status == 0);
    CHECK(first_line(made.out) == "CREATED a policy for staging, prod in jwtdomain");
    CHECK(has(made.out, "https://auth.staging.acme.example"));
    CHECK(has(made.out, "Never commit"));
    CHECK(test::widest_line(made.out) <= 80 + e.directory.path().size());
    CHECK(fs::exists(e.world.working_directory + "/jwtdomain/jwks/prod.json"));
    for (const auto& entry : e.contents()) {
        const std::string &path = entry.first, &text = entry.second;
        CAPTURE(path);
        const bool is_private = has(path, "/state/");
        CHECK((has(text, "\"d\":") && !is_private) == false);
        if (is_private) CHECK((fs::status(path).permissions() & fs::perms(0077)) == fs::perms::none);
    }
}

TEST_CASE("init/again: nothing is overwritten, and one more domain touches no other file") {
    Empty e;
    REQUIRE(e.world.run({"init", "--domain", "staging", "--domain", "prod"}).status == 0);
    const auto before = e.contents();
    CHECK(e.world.run({"init", "--domain", "prod"}).status == 3);
    CHECK(e.contents() == before);
    REQUIRE(e.world.run({"init", "--domain", "dev"}).status == 0);
    auto after = e.contents();
    for (const auto& [path, text] : before) CHECK(after[path] == text);
    CHECK(after.size() == before.size() + 3); // its file, its key set, its private key
}

TEST_CASE("init/dry-run: shows the files and writes nothing") {
    Empty e;
    const auto plan = e.world.run({"init", "--domain", "prod", "--dry-run"});
    CHECK(plan.status == 0);
    CHECK(has(first_line(plan.out), "WOULD WRITE"));
    CHECK(has(plan.out, "domain: prod"));
    CHECK(e.contents().empty());
}

TEST_CASE("init/collisions: each is refused with its rule before anything is written") {
    Empty e;
    REQUIRE(e.world.run({"init", "--domain", "prod"}).status == 0);
    const std::string keys = e.world.working_directory + "/jwtdomain/jwks/prod.json";
    const auto before = e.contents();
    const auto refused = [&](const std::string& issuer, const std::string& audience, const std::string& rule,
                             std::vector<std::string> more = {}) {
        std::vector<std::string> arguments{"init",     "--domain", "other",      "--preset", "okta",
                                           "--issuer", issuer,     "--audience", audience};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto outcome = e.world.run(arguments);
        CAPTURE(issuer);
        CAPTURE(outcome.err);
        CHECK(outcome.status == 3);
        CHECK(has(outcome.err, "[" + rule + "]"));
        CHECK(e.contents() == before);
    };
    refused("https://auth.prod.example.com", "api://other", "ISS-08");
    refused("https://auth.prod.example.com/", "api://other", "ISS-08"); // an issuer of Okta has no slash at its end
    refused("https://AUTH.prod.example.com", "api://other", "ISS-07");
    refused("https://auth.prod.example.com:443", "api://other", "ISS-07");
    refused("https://auth.pr\u043ed.example.com", "api://other", "ISS-07");
    refused("https://other.example.com", "https://api.prod.example.com", "AUD-03");
    refused("https://other.example.com", "https://api.prod.example.com/", "AUD-03");
    refused("https://other.example.com", "api://other", "KEY-01", {"--jwks", keys});
}

TEST_CASE("init/collisions: two organisations that keep the same audience need a word of the user") {
    Empty e;
    const auto add = [&](const std::string& name, std::vector<std::string> more = {}) {
        std::vector<std::string> arguments{
            "init", "--domain", name, "--preset", "okta", "--issuer", "https://" + name + ".okta.com/oauth2/default"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return e.world.run(arguments);
    };
    CHECK(add("eu").status == 0);
    const auto refused = add("us");
    CHECK(refused.status == 3);
    CHECK(has(refused.err, "[AUD-03]"));
    CHECK(has(refused.err, "--shared-audience"));
    const auto allowed = add("us", {"--shared-audience"});
    CHECK(allowed.status == 0);
    CHECK(has(allowed.err, "warning: "));
    CHECK(has(allowed.err, "api://default"));
}

TEST_CASE("init/preset: an issuer that is somebody else's needs no private key") {
    Empty e;
    test::TwoDomains maker; // its key set stands for the issuer's
    maker.make_keys();
    const std::string keys = maker.policy_file("jwks/prod.json");
    const auto made = e.world.run({"init", "--domain", "eu", "--issuer", "https://sso.example.com/realms/eu",
                                   "--preset", "keycloak", "--audience", "orders", "--jwks", keys, "--format", "json"});
    CAPTURE(made.err);
    REQUIRE(made.status == 0);
    test::check_golden("init/preset.json", made.out);
    CHECK_FALSE(fs::exists(e.directory / "state"));
    CHECK(e.world.run({"issue", "--domain", "eu", "--subject", "alice"}).status != 0);
}

TEST_CASE("init/usage: what is missing or misspelt is said") {
    Empty e;
    const auto says = [&](const std::vector<std::string>& arguments, const std::string& hint) {
        const auto outcome = e.world.run(arguments);
        CAPTURE(outcome.err);
        CHECK(outcome.status == 2);
        CHECK(has(outcome.err, hint));
        CHECK(e.contents().empty());
    };
    says({"init"}, "--domain");
    says({"init", "--domain", "Prod!"}, "Prod!");
    says({"init", "--domain", "a", "--issuer", "https://x.example"}, "keycloak");
    says({"init", "--domain", "a", "--issuer", "https://x.example", "--preset", "keyclok"}, "keycloak");
    says({"init", "--domain", "a", "--domain", "b", "--issuer", "https://x.example", "--preset", "okta"}, "one domain");
    says({"init", "--domain", "a", "--jwks", "f"}, "--preset");
    says({"init", "--domain", "a", "--base-url", "not a url"}, "not a url");
    says({"init", "--domain", "a", "--fetch"}, "--issuer URL");
    says({"init", "--domain", "a", "--preset", "github-actions", "--fetch"}, "--issuer URL");
    says({"init", "--domain", "a", "--issuer", "https://x.example", "--preset", "okta", "--allow-private"}, "--fetch");
    says({"init", "--domain", "a", "--resource", "https://x.example"}, "--fetch");
    for (const char* issuer : {"https://x.example/?tenant=a", "https://x.example#a"})
        says({"init", "--domain", "a", "--aud", "a", "--issuer", issuer, "--preset", "okta"},
             "no query and no fragment");
    says({"init", "--domain", "a", "--issuer", "b=https://x.example", "--preset", "okta"}, "one domain");
}

TEST_CASE("init/preset: the name may stand before the issuer") {
    Empty e;
    const auto made =
        e.world.run({"init", "--issuer", "eu=https://eu.auth0.com/", "--preset", "auth0", "--aud", "api", "--dry-run"});
    CHECK(made.status == 0);
    CHECK(has(made.out, "domain: eu\n"));
    CHECK(has(made.out, "issuer: https://eu.auth0.com/ #"));
}

TEST_CASE("init/private: a key set with private members is refused") {
    Empty e;
    test::write_text(e.directory / "private.json",
                     R"({"keys":[{"kty":"oct","kid":"s","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]})");
    const auto outcome = e.world.run({"init", "--domain", "a", "--issuer", "https://x.example", "--preset", "okta",
                                      "--audience", "o", "--jwks", e.directory / "private.json"});
    CHECK(outcome.status == 3);
    CHECK(has(outcome.err, "KEY-07"));
    CHECK_FALSE(fs::exists(e.world.working_directory + "/jwtdomain"));
}

TEST_CASE("init/rollback: keys inside a git work tree are refused, and nothing is left") {
    Empty e;
    fs::create_directories(e.directory / ".git"); // everything is inside a work tree now, the state too
    const auto outcome = e.world.run({"init", "--domain", "prod"});
    CHECK(outcome.status == 3);
    for (const auto& [path, text] : e.contents()) CHECK(has(path, "/lock"));
}
