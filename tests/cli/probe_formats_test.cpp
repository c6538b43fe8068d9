// The report of a probe in every format, from one value: a target that leaks, one of which nothing is known, one that
// holds; and what a terminal shows meanwhile.
#include <doctest/doctest.h>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "../support/golden.h"
#include "../support/two_domains.h"
#include "cli/probe/issues.h"
#include "cli/probe/report.h"

using namespace jwtdomain;
using cli::ProbeReport;
using probe::Conclusion;
using probe::Sent;
using test::Outcome;
using test::TwoDomains;

namespace {

Sent kind(const char* name, Conclusion conclusion, const char* detail) {
    const probe::Kind* const found = probe::find_kind(name);
    REQUIRE(found != nullptr);
    Sent out{.kind = found, .domain = "prod", .label = std::string(found->title), .detail = detail};
    out.conclusion = conclusion;
    out.accepted = conclusion == Conclusion::broken;
    return out;
}

Sent foreign(const char* domain, const char* label, Conclusion conclusion, const char* detail) {
    Sent out{.kind = nullptr, .domain = domain, .label = label, .detail = detail};
    out.conclusion = conclusion;
    out.accepted = conclusion == Conclusion::broken;
    return out;
}

probe::Findings findings(const char* domain, const char* target, std::vector<Sent> sent) {
    probe::Findings out;
    out.domain = domain;
    out.target = target;
    out.controlled = true;
    out.requests = 2 * sent.size() + 4;
    out.sent = std::move(sent);
    return out;
}

// Its answers are hostile: they come from a server.
probe::Findings leaking() {
    auto out =
        findings("prod", "https://api.prod.example.com/orders",
                 {foreign("staging", "as its issuer mints it", Conclusion::broken, "200"),
                  foreign("ci", "as its issuer mints it", Conclusion::skipped, "a trust edge wants it"),
                  kind("aud-absent", Conclusion::broken, "200"), kind("aud-empty", Conclusion::broken, "200"),
                  kind("iss-foreign", Conclusion::holds, "401"),
                  kind("exp-past", Conclusion::inconclusive, "500 \x1b[31m<img src=x onerror=alert(1)>|`]]>{[x](y)}"),
                  kind("alg-none", Conclusion::skipped, "it needs the private key of the domain"),
                  kind("iss-twice-own-last", Conclusion::holds, "200")});
    out.sent[1].declared = true;
    out.sent[2].modelled = probe::Modelled::refuses;
    out.sent[4].modelled = probe::Modelled::accepts;
    out.sent[7].accepted = true;
    return out;
}

probe::Findings unseen() {
    auto out = findings("staging", "cmd:./check --staging",
                        {foreign("prod", "as its issuer mints it", Conclusion::inconclusive, "exit status 1")});
    out.controlled = false;
    out.why = "the domain's own token is not accepted at the beginning (exit status 1)";
    return out;
}

probe::Findings holding() {
    return findings("ci", "https://api.ci.example.com",
                    {foreign("prod", "as its issuer mints it", Conclusion::holds, "cold 401, at home 200, again 401"),
                     foreign("staging", "as its issuer mints it", Conclusion::holds, "401"),
                     kind("aud-absent", Conclusion::holds, "401"), kind("iss-foreign", Conclusion::holds, "401")});
}

cli::ProbePlaces place(const char* file, unsigned line) { return {.declared = {file, line, 3}, .guard = {}}; }

ProbeReport everything() {
    ProbeReport report;
    report.now = 1'700'000'000;
    report.add(leaking(), {.declared = {"jwtdomain/domains/prod.yaml", 6, 5}, .guard = {"k8s/prod.yaml", 12, 3}});
    report.add(unseen(), place("jwtdomain/domains/staging.yaml", 1));
    report.add(holding(), place("jwtdomain/domains/ci.yaml", 1));
    return report;
}

ProbeReport only(probe::Findings one) {
    ProbeReport report;
    report.now = 1'700'000'000;
    report.add(std::move(one), place("jwtdomain/domains/x.yaml", 1));
    return report;
}

struct Format {
    const char* extension;
    std::string (*write)(const ProbeReport& report);
};
std::string in_text(const ProbeReport& report) { return cli::to_text(report, false); }
const std::vector<Format> kFormats{{"txt", in_text},
                                   {"json", cli::to_json},
                                   {"jsonl", cli::to_jsonl},
                                   {"sarif", cli::to_sarif},
                                   {"junit.xml", cli::to_junit},
                                   {"github.txt", cli::to_github},
                                   {"codequality.json", cli::to_gitlab_codequality},
                                   {"sast.json", cli::to_gitlab_sast},
                                   {"md", cli::to_markdown},
                                   {"html", cli::to_html}};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("probe/formats: one report in every format") {
    const ProbeReport report = everything();
    CHECK(report.verdict == cli::ProbeVerdict::leaks);
    for (const Format& format : kFormats) {
        CAPTURE(format.extension);
        test::check_golden(std::string("probe/everything.") + format.extension, format.write(report));
    }
    CHECK(test::widest_line(cli::to_text(report, false)) <= 80);
}

TEST_CASE("probe/formats: INCONCLUSIVE is a pass in none of them") {
    const ProbeReport report = only(unseen());
    CHECK(cli::exit_of(report) == cli::Exit::undecided);
    for (const Format& format : kFormats) {
        CAPTURE(format.extension);
        const std::string text = format.write(report);
        CHECK(has(text, "own token is not accepted"));
    }
    CHECK(has(cli::to_junit(report), "errors=\"2\""));
    CHECK(has(cli::to_github(report), "::error file=jwtdomain/domains/x.yaml"));
    const auto run = nlohmann::json::parse(cli::to_sarif(report))["runs"][0];
    REQUIRE(run["results"].size() == 1);
    CHECK(run["results"][0]["ruleId"] == "INCONCLUSIVE");
    CHECK(run["results"][0]["level"] == "warning");
    CHECK(run["invocations"][0]["toolExecutionNotifications"][0]["level"] == "warning");
    const auto sast = nlohmann::json::parse(cli::to_gitlab_sast(report));
    CHECK(sast["scan"]["messages"][0]["level"] == "warn");
    CHECK(sast["vulnerabilities"].size() == 1);
    CHECK(nlohmann::json::parse(cli::to_gitlab_codequality(report)).size() == 1);
}

TEST_CASE("probe/formats: what holds has no finding, and says of what") {
    const ProbeReport report = only(holding());
    CHECK(cli::exit_of(report) == cli::Exit::yes);
    CHECK(cli::issues_of(report).empty());
    CHECK(nlohmann::json::parse(cli::to_sarif(report))["runs"][0]["results"].empty());
    CHECK(has(cli::to_html(report), "HOLDS: neither was found, of what was sent"));
    CHECK(has(cli::to_markdown(report), "HOLDS: neither was found, of what was sent"));
    CHECK(!has(cli::to_junit(report), "<failure"));
    // A domain of which no token could be tried is not passed over.
    auto untried = holding();
    untried.sent[1].conclusion = Conclusion::skipped;
    untried.sent[1].detail = "there is no key";
    const ProbeReport other = only(untried);
    CHECK(cli::exit_of(other) == cli::Exit::undecided);
    REQUIRE(cli::issues_of(other).size() == 1);
    CHECK(has(cli::issues_of(other)[0].message, "no token of staging could be tried (there is no key)"));
}

TEST_CASE("probe/issues: the rule behind what is taken, where it stands, the same from run to run") {
    const auto issues = cli::issues_of(everything());
    std::string rules;
    for (const cli::Issue& issue : issues) rules += std::string(issue.rule) + (issue.fails ? " " : "(passes) ");
    CHECK(rules == "RUN-01 AUD-02 DISAGREES INCONCLUSIVE INCONCLUSIVE DISAGREES(passes) ");
    CHECK(issues[0].severity == Severity::critical);
    CHECK(issues[0].where.file == "jwtdomain/domains/prod.yaml");
    CHECK(issues[2].where.file == "k8s/prod.yaml"); // what it is held against
    CHECK(has(issues[1].message, "takes no audience (200); an empty list of audiences (200)"));
    std::set<std::string> prints;
    for (const cli::Issue& issue : issues) prints.insert(issue.fingerprint);
    CHECK(prints.size() == issues.size());
    auto mended = everything();
    mended.rows[0].findings.sent.erase(mended.rows[0].findings.sent.begin() + 3);
    CHECK(cli::issues_of(mended)[1].fingerprint == issues[1].fingerprint);
    const auto kinds = cli::probe_issue_kinds();
    for (const cli::Issue& issue : issues) CHECK(cli::find_issue_kind(kinds, issue.rule) != nullptr);
    for (const probe::Kind& each : probe::kinds()) CHECK(cli::find_issue_kind(kinds, each.rule) != nullptr);
}

TEST_CASE("probe/formats: nothing that a server or a policy says gets out as markup or as a control character") {
    auto hostile = leaking();
    const std::string bad = "x<script>alert(1)</script>\"'|`](y)\x1b[31m\n::error::\xe2\x80\xae";
    hostile.domain = hostile.target = hostile.sent[0].domain = hostile.sent[0].label = bad;
    const ProbeReport report = only(hostile);
    for (const Format& format : kFormats) {
        CAPTURE(format.extension);
        const std::string text = format.write(report);
        CHECK(!has(text, "\x1b"));
        CHECK(!has(text, "\xe2\x80\xae"));
        CHECK(!has(text, "\n::error::"));
    }
    CHECK(!has(cli::to_html(report), "<script"));
    CHECK(!has(cli::to_html(report), "<img"));
    CHECK(!has(cli::to_junit(report), "<script"));
}

TEST_CASE("probe/formats: several of one run, in files; the exit status is the same") {
    TwoDomains estate;
    const std::string at = estate.directory.path();
    std::vector<std::string> words{"probe", "--target", "prod=cmd:false", "--format", "text"};
    const std::vector<std::string> names{"json",        "jsonl",    "sarif", "junit", "github", "gitlab-codequality",
                                         "gitlab-sast", "markdown", "html"};
    for (const std::string& name : names) words.insert(words.end(), {"--format", name + ":" + at + "/" + name});
    const Outcome outcome = estate.world.run(words);
    CHECK(outcome.status == 3);
    CHECK(test::first_line(outcome.out).rfind("INCONCLUSIVE", 0) == 0);
    for (const std::string& name : names) {
        CAPTURE(name);
        CHECK(has(test::read_text(at + "/" + name), "there is no token of the domain itself"));
    }
    const auto run = nlohmann::json::parse(test::read_text(at + "/sarif"))["runs"][0];
    const auto place = run["results"][0]["locations"][0]["physicalLocation"];
    CHECK(place["artifactLocation"]["uri"] == "jwtdomain/domains/prod.yaml");
}

TEST_CASE("probe/places: the line of the resource; of DISAGREES, that of the configuration") {
    TwoDomains estate;
    estate.make_keys();
    const std::string url = "http://127.0.0.1:9/orders"; // nothing listens there
    estate.put_domain("prod", "resources:\n  - uri: " + url + "\n");
    const auto report = nlohmann::json::parse(estate.world.run({"probe", "--format", "json"}).out);
    CHECK(report["targets"][0]["where"]["line"] == 6);
    CHECK(report["targets"][0]["where"]["file"] == "jwtdomain/domains/prod.yaml");
}

TEST_CASE("probe/progress: one line on a terminal, taken away again, and nothing anywhere else") {
    TwoDomains estate;
    estate.make_keys();
    const std::vector<std::string> words{"probe", "--target", "prod=cmd:false", "--target", "staging=cmd:false"};
    CHECK(estate.world.run(words).err.empty());
    estate.world.terminal_err = true;
    CHECK(estate.world.run(words).err.empty()); // it took no time
    estate.world.tick = 60;
    const std::string shown = estate.world.run(words).err;
    CHECK(has(shown, "\r\x1b[Kjwtdomain probe: "));
    CHECK(has(shown, "prod, cmd:false"));
    CHECK(!has(shown, "\n"));
    CHECK(shown.substr(shown.rfind('\r')) == "\r\x1b[K");
    const std::string erased = "\r\x1b[K";
    for (std::size_t at = shown.find(erased); at != std::string::npos;) {
        const std::size_t next = shown.find(erased, at + 1);
        if (next != std::string::npos) CHECK(next - at - erased.size() < 80);
        at = next;
    }
    auto quiet = words;
    quiet.emplace_back("-q");
    CHECK(estate.world.run(quiet).err.empty());
    estate.world.variables["TERM"] = "dumb";
    CHECK(estate.world.run(words).err.empty());
}

TEST_CASE("probe/key: a private key is handed in by a variable or a file, never in words") {
    TwoDomains estate;
    estate.make_keys();
    std::string prod, staging;
    for (const auto& entry : std::filesystem::directory_iterator(estate.key_store())) {
        if (entry.path().extension() != ".jwk") continue;
        const std::string id = entry.path().stem();
        (has(test::read_text(estate.policy_file("jwks/prod.json")), id) ? prod : staging) =
            test::read_text(entry.path());
    }
    REQUIRE(!prod.empty());
    estate.world.variables["XDG_STATE_HOME"] = estate.directory / "elsewhere";
    estate.world.variables["PROD_KEY"] = prod;
    estate.world.variables["OTHER_KEY"] = staging;
    const auto probe = [&](const std::vector<std::string>& more) {
        std::vector<std::string> words{"probe", "--target", "prod=cmd:true", "--format", "json"};
        words.insert(words.end(), more.begin(), more.end());
        return estate.world.run(words);
    };
    const auto first = [](const Outcome& outcome) { return nlohmann::json::parse(outcome.out)["targets"][0]; };
    CHECK(has(first(probe({}))["why"], "there is no token"));
    const auto with_key = first(probe({"--key", "prod=env:PROD_KEY"}));
    CHECK(has(with_key["why"], "no token at all is not refused")); // cmd:true takes everything, so the control is good
    std::size_t made = 0;
    for (const auto& row : with_key["kinds"]) made += row["conclusion"] != "skipped";
    CHECK(made > 60);
    CHECK(has(first(probe({"--key", "prod=env:OTHER_KEY"}))["why"], "what --key has handed in"));
    CHECK(probe({"--key", "prod=" + prod}).status == 2);
    CHECK(probe({"--key", "prod"}).status == 2);
    CHECK(probe({"--key", "nobody=env:PROD_KEY"}).status == 3);
    CHECK(probe({"--key", "prod=env:NOT_THERE"}).status == 2);
    estate.world.variables["NO_KEY"] = "no key at all";
    CHECK(probe({"--key", "prod=env:NO_KEY"}).status == 3);
    const Outcome leaked = probe({"--key", "prod=env:PROD_KEY", "-v"});
    const std::string d = nlohmann::json::parse(prod)["d"];
    CHECK(!has(leaked.out + leaked.err, d));
}
