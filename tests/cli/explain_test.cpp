// The pages of `explain`, and the proof that each example gives what its page says.
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
#include "../support/golden.h"
#include "../support/mint.h"
#include "../support/two_domains.h"
#include "../unit/policy_memory.h"
#include "cli/explain/examples.h"
#include "cli/explain/report.h"
#include "cli/explain/rule_examples.h"
#include "cli/explain/topics.h"
#include "jwtdomain/accept/judge.h"
#include "jwtdomain/audit/rule_check.h"
#include "jwtdomain/jwt/rule.h"
#include "jwtdomain/policy/plan.h"

using namespace jwtdomain;
using namespace jwtdomain::cli;
using test::kNow;

namespace {

void replace(std::string& text, std::string_view from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

// The octets of an example: its JSON as it is printed, signed.
std::string mint(Signer& signer, const ExampleToken& example) {
    std::string claims = example.claims;
    if (claims == "HEADER.CLAIMS.SIGNATURE") claims = mint(signer, good_token()); // a token inside the token
    const std::string token = test::sign(signer, example.header, claims);
    const std::size_t first = token.find('.'), last = token.rfind('.');
    std::string text = example.token;
    replace(text, "HEADER", token.substr(0, first));
    replace(text, "CLAIMS", token.substr(first + 1, last - first - 1));
    replace(text, "SIGNATURE", token.substr(last + 1));
    replace(text, "MEBIBYTE", std::string(std::size_t{1} << 20, 'A'));
    return text;
}

accept::ClaimRule scope_rule(accept::ClaimTest test, std::vector<std::string> scopes) {
    accept::ClaimRule rule;
    rule.path = {"scope"};
    rule.shape = accept::ClaimShape::words;
    rule.test = test;
    rule.values.exact = std::move(scopes);
    rule.role = accept::ClaimRule::Role::scope;
    return rule;
}

accept::ClaimRule role_rule() {
    accept::ClaimRule rule;
    rule.path = {"role"};
    rule.test = accept::ClaimTest::in;
    rule.values.exact = {"reader"};
    return rule;
}

// What the sentence of a setting says, as a verifier, a request and a context.
struct Scene {
    test::Prod prod, staging;
    accept::Verifier verifier;
    accept::Request request;
    accept::Revocations revocations;
    std::optional<accept::PresentedProof> proof;

    Scene(Setting setting, bool bad) {
        accept::Path path = prod.path();
        const bool differs = info(setting).good != info(setting).bad;
        if (bad || !differs) arrange(setting, path);
        verifier.domain = "prod";
        verifier.entries.push_back(
            {.resource = {}, .methods = {}, .guard = accept::Entry::Guard::paths, .why = {}, .paths = {}});
        if (setting != Setting::no_paths || !bad) verifier.entries.back().paths.push_back(std::move(path));
        if (setting == Setting::resource_nowhere || setting == Setting::method_not_listed) {
            verifier.entries.push_back(verifier.entries.back());
            verifier.entries.back().resource = "https://api.prod.example/orders";
            verifier.entries.back().methods = {"GET"};
            const bool other = bad && setting == Setting::resource_nowhere;
            request.resource = other ? "https://api.prod.example/invoices" : "https://api.prod.example/orders";
            request.method = bad && setting == Setting::method_not_listed ? "DELETE" : "GET";
        }
    }

    void arrange(Setting setting, accept::Path& path) {
        switch (setting) {
        case Setting::two_keys:
            path.signing.keys.push_back(
                {.key = staging.key.public_key(), .algorithms = {Algorithm::ES256}, .kid = "k2", .owner = "prod"});
            break;
        case Setting::more_algorithms:
            path.signing.algorithms = {Algorithm::ES256, Algorithm::RS256, Algorithm::HS256};
            break;
        case Setting::keys_unread: path.signing.source = accept::KeySource::unresolved; break;
        case Setting::role_required: path.claims.push_back(role_rule()); break;
        case Setting::needs_scope: request.further.push_back(scope_rule(accept::ClaimTest::has_all, {"write"})); break;
        case Setting::edge_scopes:
            path.claims.push_back(scope_rule(accept::ClaimTest::all_in, {"read", "write"}));
            break;
        case Setting::edge_expired: path.time.path_ends = kNow - 86400; break;
        case Setting::token_revoked:
            revocations.add({.kind = accept::Revoked::jti,
                             .value = "1",
                             .domain = "prod",
                             .before = {},
                             .until = {},
                             .reason = {}});
            break;
        case Setting::foreign_proof:
            proof = accept::PresentedProof{"no.proof.here", "GET", "https://api.prod.example/orders"};
            break;
        case Setting::plain:
        case Setting::signed_by_staging: // the signer is chosen where it is minted
        case Setting::no_paths:
        case Setting::resource_nowhere:
        case Setting::method_not_listed:
        case Setting::resource_of_staging:
        case Setting::twin_domain:
        case Setting::no_domain_takes_it:
        case Setting::two_domains_known: break;
        }
    }

    std::string reasons_of(const std::string& token) {
        accept::Judge judge(verifier);
        accept::TokenReadings readings;
        readings.reset(token);
        std::string codes;
        const accept::Context context{
            .now = kNow + 10, .revocations = &revocations, .proof = proof ? &*proof : nullptr};
        for (const Finding& finding : judge.decide(readings, context, request).findings) {
            codes += (codes.empty() ? "" : " ") + std::string(info(finding.reason).code);
        }
        return codes;
    }
};

// Decided by `verify` over a whole policy.
bool needs_policy(Setting setting) {
    return setting == Setting::resource_of_staging || setting == Setting::twin_domain ||
           setting == Setting::no_domain_takes_it || setting == Setting::two_domains_known;
}

// Domains as in the examples, with the key k1 of prod; with_twin: a third one that takes what prod takes.
void put_domains(const test::Estate& estate, bool with_twin) {
    const auto domain = [&](const std::string& name, const std::string& as) {
        estate.put("jwtdomain/domains/" + name + ".yaml",
                   "domain: " + name + "\nissuer: https://auth." + as + ".example\naudiences: [https://api." + as +
                       ".example]\ndomain_value: " + as + "\njwks: jwks/" + as + ".json\n" +
                       (name == as ? "resources: [{uri: https://api." + as + ".example/orders}]\n" : ""));
    };
    domain("prod", "prod");
    domain("staging", "staging");
    if (with_twin) domain("twin", "prod");
    JwkMetadata metadata;
    metadata.kid = "k1";
    estate.put("jwtdomain/jwks/prod.json", write_jwks({{estate.prod.key.public_key(), metadata}}));
}

// The policy that the page speaks of, and `verify` asked as its setting says.
std::string reasons_by_policy(Setting setting, bool bad, const ExampleToken& example) {
    test::Estate estate;
    put_domains(estate, setting == Setting::twin_domain && bad);
    std::vector<std::string> arguments{"verify", "--format", "json", "--domain"};
    if (setting == Setting::resource_of_staging) {
        arguments.insert(arguments.end(),
                         {"prod", "--method", "GET", "--resource",
                          bad ? "https://api.staging.example/orders" : "https://api.prod.example/orders"});
    } else {
        arguments.emplace_back("auto");
    }
    arguments.push_back(mint(estate.prod.signer, example));
    const test::Outcome outcome = estate.world.run(arguments);
    CHECK(outcome.err == "");
    const auto report = nlohmann::json::parse(outcome.out, nullptr, false);
    if (report.is_discarded()) return outcome.out;
    std::string codes;
    for (const auto& reason : report["reasons"])
        codes += (codes.empty() ? "" : " ") + reason["code"].get<std::string>();
    return codes;
}

// What `inspect` says about the token where the policy has the domains prod and staging.
std::string pointed_out(const ExampleToken& example) {
    test::Estate estate;
    put_domains(estate, false);
    const test::Outcome outcome = estate.world.run({"inspect", "--format", "json", mint(estate.prod.signer, example)});
    CHECK(outcome.status == 0);
    const auto report = nlohmann::json::parse(outcome.out, nullptr, false);
    if (report.is_discarded()) return outcome.out + outcome.err;
    std::string codes;
    for (const auto& anomaly : report["token"]["anomalies"]) {
        codes += (codes.empty() ? "" : " ") + anomaly["code"].get<std::string>();
    }
    return codes;
}

std::string listed_reasons(const ReasonExample& example) {
    std::string listed(info(example.reason).code);
    if (example.also) listed += " " + std::string(info(*example.also).code);
    return listed;
}

} // namespace

TEST_CASE("explain/examples: verify gives over a whole policy what the pages about domains say") {
    for (const ReasonExample& example : reason_examples()) {
        if (info(example.reason).stage == Stage::observation || !needs_policy(example.setting)) continue;
        CAPTURE(info(example.reason).code);
        CHECK(reasons_by_policy(example.setting, true, bad_token(example)) == listed_reasons(example));
        CHECK(reasons_by_policy(example.setting, false, good_token()) == "");
    }
}

TEST_CASE("explain/examples: inspect points out in each bad token what the pages of observations say") {
    for (const ReasonExample& example : reason_examples()) {
        if (info(example.reason).stage != Stage::observation) continue;
        CAPTURE(info(example.reason).code);
        CHECK(pointed_out(bad_token(example)) == listed_reasons(example));
        CHECK(pointed_out(good_token()) == "");
    }
}

TEST_CASE("explain/examples: the engine gives for each bad token the reasons of its page, for each good one none") {
    for (const ReasonExample& example : reason_examples()) {
        if (info(example.reason).stage == Stage::observation || needs_policy(example.setting)) continue;
        CAPTURE(info(example.reason).code);
        Scene bad(example.setting, true);
        Signer& signer = example.setting == Setting::signed_by_staging ? bad.staging.signer : bad.prod.signer;
        CHECK(bad.reasons_of(mint(signer, bad_token(example))) == listed_reasons(example));

        Scene good(example.setting, false);
        CHECK(good.reasons_of(mint(good.prod.signer, good_token())) == "");
    }
}

TEST_CASE("explain/examples: a bad example differs from the good one, and the difference is marked") {
    for (const ReasonInfo& reason : reasons()) {
        CAPTURE(reason.code);
        const auto page = find_page(reason.code);
        REQUIRE(page);
        bool marked = false;
        for (const ExampleText& part : page->example) {
            for (const ExampleLine& line : compare(part)) marked = marked || line.side != ExampleLine::Side::both;
        }
        CHECK(marked);
        CHECK(page->gives.front() == reason.code);
    }
}

TEST_CASE("explain/pages: every reason, rule and exit status has a page, found by each of its names in any case") {
    const auto found = [](const std::string& name) {
        const auto page = find_page(name);
        REQUIRE_MESSAGE(page, name);
        CHECK(!page->sentence.empty());
        return *page;
    };
    for (const ReasonInfo& reason : reasons()) CHECK(found(std::string(reason.code)).kind == PageKind::reason);
    REQUIRE(rule_examples().size() == rules().size());
    for (const RuleInfo& rule : rules()) {
        CHECK(found(std::string(rule.id)).kind == PageKind::rule);
        CHECK(found(std::string(rule.name)).name == rule.id);
        const auto& examples = rule_examples();
        const bool probed = std::any_of(examples.begin(), examples.end(), [&](const RuleExample& example) {
            return example.rule == rule.id && example.in == RuleExample::In::probed;
        });
        CHECK(found(std::string(rule.id)).example.empty() == probed); // no file shows it
    }
    for (const ExitInfo& status : exit_statuses()) {
        CHECK(found(std::to_string(static_cast<int>(status.status))).title == status.name);
        CHECK(!found(std::string(status.name)).fix.empty());
    }
    CHECK(found("iss-07").name == "ISS-07");
    CHECK(found("AUD-MISMATCH").name == "aud-mismatch");
    CHECK(found("130").name == "128+n");
    CHECK_FALSE(find_page("6"));
    CHECK_FALSE(find_page(""));
    for (const IndexEntry& entry : page_index()) CHECK(found(entry.name).kind == entry.kind);
}

TEST_CASE("explain/pages: no two pages have the same name") {
    std::set<std::string> names;
    for (const IndexEntry& entry : page_index()) {
        CHECK_MESSAGE(names.insert(entry.name).second, entry.name);
        if (!entry.title.empty()) CHECK_MESSAGE(names.insert(entry.title).second, entry.title);
    }
}

TEST_CASE("explain/algorithms: the peers and what they lack are those of the interop matrix") {
    std::ifstream in(std::filesystem::path(TEST_DATA).parent_path() / "interop" / "MATRIX.md");
    const auto cells_of = [](const std::string& line) {
        std::vector<std::string> cells;
        for (std::size_t at = line.find("| "); at != std::string::npos && at + 2 < line.size();) {
            const std::size_t end = line.find(" |", at + 2);
            if (end == std::string::npos) break;
            cells.push_back(line.substr(at + 2, end - at - 2));
            at = end + 1;
        }
        return cells;
    };
    std::vector<std::string> names, lacks;
    for (std::string line; std::getline(in, line);) {
        const std::vector<std::string> cells = cells_of(line);
        if (cells.size() < 2) continue;
        if (names.empty()) {
            names = cells;
            lacks.resize(cells.size());
            continue;
        }
        REQUIRE(cells.size() == names.size());
        for (std::size_t i = 1; i < cells.size(); ++i) {
            if (cells[i] != "yes") lacks[i] += (lacks[i].empty() ? "" : ", ") + cells[0];
        }
    }
    REQUIRE(names.size() == peers().size() + 1);
    for (std::size_t i = 1; i < names.size(); ++i) {
        CHECK(peers()[i - 1].name == names[i]);
        CHECK(peers()[i - 1].lacks == lacks[i]);
    }
}

TEST_CASE("explain/text: 80 columns, the name first") {
    for (const IndexEntry& entry : page_index()) {
        CAPTURE(entry.name);
        const test::Outcome outcome = test::run_alone({"explain", entry.name});
        CHECK(outcome.status == 0);
        CHECK(outcome.err.empty());
        CHECK(test::first_line(outcome.out).rfind(entry.name, 0) == 0);
        CHECK(test::widest_line(outcome.out) <= 80);
        CHECK(outcome.out.find(" \n") == std::string::npos);
    }
    const test::Outcome all = test::run_alone({"explain"});
    CHECK(all.status == 0);
    CHECK(test::widest_line(all.out) <= 80);
    for (const ReasonInfo& reason : reasons())
        CHECK(all.out.find("\n  " + std::string(reason.code) + " ") != std::string::npos);
}

TEST_CASE("explain/text: a page in full") {
    CHECK(test::run_alone({"explain", "kid-malformed"}).out == R"(kid-malformed (Header)

  kid is not a string.

  To do        The issuer must mend it.
  Exit status  1: verify rejects
  Source       RFC 7515, section 4.1.4

Example: good gives nothing, bad gives kid-malformed
  header:
        {
          "typ": "at+jwt",
  good    "kid": "k1",
  bad     "kid": 1,
          "alg": "ES256"
        }
  claims:
        {
          "iss": "https://auth.prod.example",
          "aud": "https://api.prod.example",
          "domain": "prod",
          "sub": "alice",
          "role": "reader",
          "scope": "read write",
          "jti": "1",
          "iat": 1700000000,
          "nbf": 1700000000,
          "exp": 1700000300
        }
)");
}

TEST_CASE("explain/errors: a misspelt name suggests, an unknown one says how to list") {
    const test::Outcome near = test::run_alone({"explain", "aud_mismtch"});
    CHECK(near.status == 2);
    CHECK(near.out.empty());
    CHECK(near.err.find("there is no page on \"aud_mismtch\"") != std::string::npos);
    CHECK(near.err.find("did you mean `jwtdomain explain aud-mismatch`?") != std::string::npos);
    const test::Outcome far = test::run_alone({"explain", "\x1b[31mqqqqqqqq"});
    CHECK(far.status == 2);
    CHECK(far.err.find('\x1b') == std::string::npos);
    CHECK(far.err.find("`jwtdomain explain` lists all pages") != std::string::npos);
}

TEST_CASE("explain/json: the list of all pages") {
    const auto list = nlohmann::json::parse(test::run_alone({"explain", "--format", "json"}).out);
    CHECK(list["version"] == 1);
    CHECK(list["command"] == "explain");
    const std::vector<IndexEntry> index = page_index();
    REQUIRE(list["pages"].size() == index.size());
    for (std::size_t i = 0; i < index.size(); ++i) {
        CHECK(list["pages"][i]["kind"] == name_of(index[i].kind));
        CHECK(list["pages"][i]["name"] == index[i].name);
        CHECK(list["pages"][i]["sentence"] == index[i].sentence);
        CHECK(list["pages"][i].contains("title") == (index[i].kind == PageKind::rule));
    }
}

TEST_CASE("explain/json: frozen") {
    const auto json = [](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--format", "json"});
        return test::run_alone(arguments).out;
    };
    test::check_golden("explain/aud-mismatch.json", json({"explain", "aud-mismatch"}));
    test::check_golden("explain/claims-invalid-utf8.json", json({"explain", "claims-invalid-utf8"}));
    test::check_golden("explain/iss-07.json", json({"explain", "ISS-07"}));
    test::check_golden("explain/3.json", json({"explain", "3"}));
    test::check_golden("explain/algorithms.json", json({"explain", "algorithms"}));
}
