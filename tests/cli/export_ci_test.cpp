// `export --to script|github-actions|gitlab-ci`: what CI is to run. tests/interop/ci runs what is written here.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "../support/golden.h"
#include "../support/two_domains.h"

using namespace jwtdomain;
using test::Outcome;
using test::TwoDomains;

namespace {

struct Exported : TwoDomains {
    Exported() {
        for (const char* name : {"prod", "staging"})
            put_domain(name, "resources:\n  - uri: https://api." + std::string(name) + ".example.com/orders\n");
        test::write_text(directory / "envoy.yaml",
                         "providers:\n  prod:\n    issuer: https://auth.prod.example.com\n"
                         "    audiences: [https://api.prod.example.com]\n    require_expiration: true\n"
                         "    local_jwks: {filename: jwtdomain/jwks/prod.json}\n"
                         "rules:\n  - {match: {prefix: /}, requires: {provider_name: prod}}\n");
        make_keys();
    }
    Outcome ci(const std::string& to, std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"export", "--to", to});
        return world.run(more);
    }
    std::string error(std::vector<std::string> more, int status, const std::string& to = "script") {
        const Outcome outcome = ci(to, std::move(more));
        CHECK(outcome.status == status);
        CHECK(outcome.out.empty());
        return outcome.err;
    }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("export/ci: the files for each service") {
    Exported estate;
    const std::vector<std::pair<std::string, std::string>> files{
        {"script", "ci.sh"}, {"github-actions", "github.yml"}, {"gitlab-ci", "gitlab.yml"}};
    for (const auto& file : files) {
        const Outcome outcome = estate.ci(file.first);
        CHECK(outcome.status == 0);
        CHECK(outcome.err.empty());
        test::check_golden("export/" + file.second, outcome.out);
    }
    // All that can be said.
    const Outcome full = estate.ci("script", {"prod=" + (estate.directory / "envoy.yaml"), "--type", "envoy",
                                              "--target", "prod=cmd:./check 'a b'", "--key", "prod=env:PROD_KEY",
                                              "--token", "staging=env:STG", "--fail-on", "medium"});
    CHECK(full.status == 0);
    CHECK(has(full.out, "--target 'prod=cmd:./check '\\''a b'\\'''"));
    CHECK(has(full.out, "--key prod=env:PROD_KEY"));
    CHECK(has(full.out, "--fail-on medium"));
    CHECK(has(full.out, "# Audit what guards the domains"));
    CHECK(!has(full.out, "JWTDOMAIN_KEY_"));
    const Outcome github = estate.ci("github-actions", {"--key", "prod=env:PROD_KEY"});
    CHECK(has(github.out, "PROD_KEY: ${{ secrets.PROD_KEY }}"));
    const auto json = nlohmann::json::parse(estate.ci("gitlab-ci", {"--format", "json"}).out);
    CHECK(json["configuration"] == estate.ci("gitlab-ci").out);
    CHECK(json["variables"][0] == "JWTDOMAIN_KEY_PROD");
}

TEST_CASE("export/ci: without anything to ask there is no probe, and it is said") {
    TwoDomains estate;
    for (const char* to : {"script", "github-actions", "gitlab-ci"}) {
        const Outcome outcome = estate.world.run({"export", "--to", to});
        CHECK(outcome.status == 0);
        CHECK(has(outcome.err, "nothing is probed"));
        CHECK(!has(outcome.out, "jwtdomain probe"));
        CHECK(!has(outcome.out, "secrets."));
    }
}

TEST_CASE("export/ci: no secret, and nothing that the service would put something else in its place") {
    Exported estate;
    const std::string token = estate.must({"issue", "--domain", "prod", "--subject", "alice"});
    CHECK(has(estate.error({"--token", "prod=" + token}, 2), "everybody on this machine"));
    CHECK(has(estate.error({"--key", "prod=-----BEGIN PRIVATE KEY-----"}, 2), "everybody on this machine"));
    for (const char* bad : {"prod=cmd:echo ${{ github.event.issue.title }}", "prod=cmd:echo $[[ inputs.x ]]",
                            "prod=cmd:echo\n  - rm", "prod=cmd:echo \\x"})
        CHECK(has(estate.error({"--target", bad}, 3), "a CI file cannot hold"));
    CHECK(has(estate.error({"--token", "prod=env:A B"}, 2), "no name of a variable"));
    CHECK(has(estate.error({"--token", "prod=env:1A"}, 2), "no name of a variable"));
    CHECK(has(estate.error({"prod=-"}, 2), "standard input"));
    CHECK(has(estate.error({"--target", "nobody=cmd:true"}, 3), "nobody"));
    CHECK(has(estate.error({"--target", "prod=ftp://x"}, 3), "only https"));
    // A variable for each domain must be one of its own.
    for (const char* name : {"a-b", "a/b"}) {
        std::string file = name[1] == '/' ? "a-slash-b" : "a-b";
        estate.put("domains/" + file + ".yaml", "domain: " + std::string(name) + "\nissuer: https://" + file +
                                                    ".example.com\naudiences: [https://api." + file +
                                                    ".example.com]\njwks: jwks/" + file + ".json\n");
    }
    CHECK(has(estate.error({}, 2), "would have one name"));
}

TEST_CASE("export/ci: options of gateways are for gateways, those of CI for CI") {
    Exported estate;
    CHECK(has(estate.error({"--domain", "prod"}, 2), "takes DOMAIN=PATH"));
    CHECK(has(estate.error({"--target", "prod=cmd:true"}, 2, "envoy"), "are for CI"));
    CHECK(has(estate.error({"prod=x"}, 2, "envoy"), "are for CI"));
    CHECK(has(estate.error({}, 2, "gitlab"), "gitlab-ci"));
}
