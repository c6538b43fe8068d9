// The pages of rules: each example is proved, by `init` or by `audit`.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "../support/estate.h"
#include "../support/fake_world.h"
#include "../support/two_domains.h"
#include "../unit/policy_memory.h"
#include "cli/explain/rule_examples.h"
#include "jwtdomain/audit/rule_check.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/jwt/rule.h"
#include "jwtdomain/policy/plan.h"
#include "jwtdomain/probe/run.h"

using namespace jwtdomain;
using namespace jwtdomain::cli;

namespace {

// A token that an example shows as it decodes, with a signature that nothing looks at.
std::string compact(const std::string& decoded) {
    const auto token = nlohmann::ordered_json::parse(decoded);
    return base64url_encode(token["header"].dump()) + "." + base64url_encode(token["claims"].dump()) + ".AAAA";
}

// Of a flat YAML text.
std::string value_of(const std::string& text, const std::string& field) {
    const std::size_t at = text.find(field + ": ");
    const std::size_t from = at + field.size() + 2;
    return at == std::string::npos ? "" : text.substr(from, text.find('\n', from) - from);
}

std::string joined(const std::set<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

} // namespace

TEST_CASE("explain/rules: a bad second domain is refused by the rule of its page, a good one is taken") {
    using namespace jwtdomain::policy;
    for (const RuleExample& example : rule_examples()) {
        CAPTURE(example.rule);
        if (example.in != RuleExample::In::domain) continue;
        const std::vector<ExampleText> files = rule_example(example.rule);
        REQUIRE(files.size() == 2);
        const policy::test::Files there{{"p/policy.yaml", "version: 1\ninclude: [domains/*.yaml]\n"},
                                        {"p/domains/prod.yaml", files[0].good + "\n"}};
        const Policy existing = load("p", policy::test::reader_of(there)).value();
        // The domain "staging" of the example, planned beside prod. Keys are known by the file that holds them.
        const auto rule_of = [&](const std::string& text) -> std::string {
            NewDomain second{.name = value_of(text, "domain"), .text = text + "\n", .keys = {}, .algorithm = {}};
            second.keys.push_back({second.name, value_of(text, "jwks"), ""});
            PlanInput input;
            input.domains.push_back(second);
            input.existing = &existing;
            input.existing_keys = {{"prod", value_of(files[0].good, "jwks"), ""}};
            const auto planned = plan(input);
            if (planned) return "";
            return planned.error().rule.empty() ? planned.error().message : planned.error().rule;
        };
        CHECK(rule_of(files[1].good) == "");
        CHECK(rule_of(files[1].bad) == example.rule);
        CHECK(rule_example_gives(example.rule) == std::vector<std::string>{std::string(example.rule)});
    }
}

TEST_CASE("explain/rules: audit finds in a bad estate what its page lists, and nothing in the good one") {
    for (const RuleExample& example : rule_examples()) {
        if (!is_audited(example)) continue;
        CAPTURE(example.rule);
        for (const bool bad : {true, false}) {
            CAPTURE(bad);
            test::TwoDomains estate;
            std::vector<std::string> arguments{"audit", "--format", "json"};
            for (const ExampleText& file : audited_files(example)) {
                const std::string& text = bad ? file.bad : file.good;
                if (file.title.rfind("tokens/", 0) == 0)
                    arguments.insert(arguments.end(), {"--token", compact(text)});
                else
                    estate.put(file.title, text + "\n");
            }
            const test::Outcome outcome = estate.world.run(arguments);
            REQUIRE_MESSAGE(outcome.err.empty(), outcome.err);
            std::set<std::string> found;
            const auto report = nlohmann::json::parse(outcome.out);
            for (const auto& finding : report["findings"]) found.insert(finding["rule"]);
            const auto gives = rule_example_gives(example.rule);
            const std::set<std::string> listed(gives.begin(), gives.end());
            CHECK(joined(found) == (bad ? joined(listed) : ""));
        }
    }
}

TEST_CASE("explain/rules: a bad key set is refused by the rule of its page, a good one is taken") {
    for (const RuleExample& example : rule_examples()) {
        if (example.in != RuleExample::In::key_set) continue;
        CAPTURE(example.rule);
        const ExampleText file = rule_example(example.rule).at(0);
        for (const bool bad : {true, false}) {
            test::Estate estate;
            estate.put("keys.json", bad ? file.bad : file.good);
            const test::Outcome outcome = estate.world.run(
                {"init", "--domain", "shop", "--issuer", "https://id.shop.example/realms/shop", "--preset", "keycloak",
                 "--audience", "shop", "--jwks", estate.directory / "keys.json"});
            CHECK(outcome.status == (bad ? 3 : 0));
            CHECK((outcome.err.find("[" + std::string(example.rule) + "]") != std::string::npos) == bad);
        }
    }
}

TEST_CASE("explain/rules: every rule that the sources name has a page") {
    const std::filesystem::path root = std::filesystem::path(TEST_DATA).parent_path().parent_path();
    // Where an error is given its rule, and nowhere else: "UTF-16" is no rule.
    const std::regex id(R"x((?:\.rule = |\bconflict\(\s*)"([^"]+)")x");
    std::set<std::string> named;
    for (const char* top : {"lib", "cli"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
            if (entry.path().extension() != ".cpp") continue;
            std::ifstream in(entry.path());
            const std::string text{std::istreambuf_iterator<char>(in), {}};
            for (std::sregex_iterator at(text.begin(), text.end(), id), end; at != end; ++at) {
                named.insert((*at)[1].str());
                CHECK_MESSAGE(find_rule((*at)[1].str()) != nullptr, entry.path().filename()
                                                                        << " names " << (*at)[1].str());
            }
        }
    }
    for (const audit::RuleEntry& entry : audit::rule_checks()) named.insert(std::string(entry.id));
    named.emplace(probe::Sent{}.rule());
    for (const probe::Kind& kind : probe::kinds()) {
        named.emplace(kind.rule);
        CHECK_MESSAGE(find_rule(kind.rule) != nullptr, kind.name << " breaks " << kind.rule);
    }
    for (const RuleInfo& rule : rules())
        CHECK_MESSAGE(named.count(std::string(rule.id)) == 1, rule.id << " is never given");
}
