// What a change of the policy weakens: against a directory, and against revisions of a real git repository.
#include <doctest/doctest.h>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "../support/estate.h"
#include "../support/golden.h"
#include "cli/app/program.h"

using namespace jwtdomain;
using test::Outcome;

namespace {

std::string verifiers(const std::string& issuer) {
    return "version: 1\nverifiers:\n  - domain: prod\n    name: gateway\n    accepts: [{keys: [jwks/prod.json, "
           "jwks/staging.json], issuer: " +
           issuer + ", audience: any, expiry: required}]\n";
}
const std::string kProd = "https://auth.prod.example.com";

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// The golden files hold no place of this run.
std::string without_place(std::string text, const std::string& place) {
    for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at))
        text.replace(at, place.size(), "DIR");
    return text;
}

struct Repository : test::Estate {
    Repository() {
        git({"init", "-q", "-b", "main"});
        commit();
    }
    std::string git(std::vector<std::string> words) const {
        words.insert(words.begin(), {"git", "-C", directory.path(), "-c", "user.name=a", "-c", "user.email=a@b.example",
                                     "-c", "commit.gpgsign=false"});
        const auto out = cli::run_program(words, "");
        REQUIRE_MESSAGE(out, out.error().message);
        return *out;
    }
    void commit() const {
        git({"add", "-A"});
        git({"commit", "-q", "--allow-empty", "-m", "x"});
    }
    void add_line(const std::string& line, const std::string& name = "prod") const {
        std::ofstream(directory / ("jwtdomain/domains/" + name + ".yaml"), std::ios::app) << line << "\n";
    }
    Outcome diff(const std::string& old, const std::vector<std::string>& more = {}) {
        std::vector<std::string> words{"audit", "diff", old};
        words.insert(words.end(), more.begin(), more.end());
        return world.run(words);
    }
};

} // namespace

TEST_CASE("audit/diff: nothing has changed, then something is weaker, then stronger") {
    Repository repository;
    const Outcome same = repository.diff("main", {"--fail-on", "weaker"});
    CHECK(same.status == 0);
    CHECK(same.err.empty());
    CHECK(test::first_line(same.out).rfind("SAME ", 0) == 0);

    repository.add_line("lifetime: 24h");
    const Outcome weaker = repository.diff("HEAD");
    CHECK(weaker.status == 0);
    CHECK(test::first_line(weaker.out) == "WEAKER 1 change (1 weaker): worst: prod: access token life 10m -> 1d");
    CHECK(says(weaker.out, "(" + repository.git({"rev-parse", "HEAD"}).substr(0, 12) + ")"));
    CHECK(test::widest_line(weaker.out) <= 80);
    CHECK(repository.diff("HEAD", {"--fail-on", "weaker"}).status == 1);

    repository.commit();
    CHECK(test::first_line(repository.diff("main").out).rfind("SAME ", 0) == 0);
    CHECK(repository.diff("HEAD~1", {"--fail-on", "weaker"}).status == 1);
    repository.add_line("leeway: 5s");
    const Outcome stronger = repository.diff("main", {"--fail-on", "weaker"});
    CHECK(stronger.status == 0);
    CHECK(test::first_line(stronger.out) == "STRONGER 1 change (1 stronger)");
}

TEST_CASE("audit/diff: what may be weaker fails as well, and a new domain does not") {
    Repository repository;
    repository.put("jwtdomain/domains/ci.yaml", "domain: ci\nissuer: https://auth.ci.example.com\naudiences: [ci]\n"
                                                "jwks: jwks/ci.json\n");
    test::Issuer ci{"ci"};
    JwkMetadata metadata;
    metadata.kid = "ci-1";
    repository.put("jwtdomain/jwks/ci.json", write_jwks({{ci.key.public_key(), metadata}}));
    const Outcome added = repository.diff("main", {"--fail-on", "weaker"});
    CHECK(added.status == 0);
    CHECK(test::first_line(added.out) == "NEUTRAL 1 change (1 neutral)");
    repository.add_line("claims: {scope: scp}");
    const Outcome different = repository.diff("main", {"--fail-on", "weaker"});
    CHECK(different.status == 1);
    CHECK(test::first_line(different.out).rfind("DIFFERENT ", 0) == 0);
    CHECK(repository.diff("main").status == 0);
}

TEST_CASE("audit/diff: what is proved comes first, in each format") {
    Repository repository;
    repository.put("jwtdomain/policy.yaml", verifiers(kProd));
    std::filesystem::copy(repository.directory / "jwtdomain", repository.directory / "old",
                          std::filesystem::copy_options::recursive);
    repository.put("jwtdomain/policy.yaml", verifiers("any"));
    repository.add_line("lifetime: 24h");
    repository.add_line("leeway: 5s", "staging");
    const std::string old = repository.directory / "old";
    const Outcome text = repository.diff(old, {"--fail-on", "weaker"});
    CHECK(text.status == 1);
    CHECK(says(test::first_line(text.out), "WEAKER 4 changes (3 weaker, 1 stronger): worst: staging ->"));
    CHECK(says(text.out, "LEAKS (replay)"));
    CHECK(text.out.find("Proved") < text.out.find("Declared"));
    CHECK(test::widest_line(text.out) <= 80);
    const auto in = [&](const std::string& format) {
        const Outcome outcome = repository.diff(old, {"--format", format});
        CHECK(outcome.status == 0);
        return without_place(outcome.out, repository.directory.path());
    };
    test::check_golden("audit-diff/weaker.json", in("json"));
    test::check_golden("audit-diff/weaker.md", in("markdown"));
    CHECK(test::first_line(repository.diff(repository.directory / "jwtdomain/policy.yaml").out).rfind("SAME", 0) == 0);
}

TEST_CASE("audit/diff: the configurations that guard the resources are read on both sides") {
    Repository repository;
    const auto envoy = [](const std::string& audiences) {
        return "providers:\n  p:\n    issuer: " + kProd + "\n    audiences: [" + audiences +
               "]\n    require_expiration: true\n    local_jwks: {filename: ../jwks/prod.json}\n"
               "rules:\n  - match: {prefix: /}\n    requires: {provider_name: p}\n";
    };
    repository.put("jwtdomain/gateways/prod.yaml", envoy("https://api.prod.example.com"));
    for (const std::string path : {"gateways/prod.yaml", "gateways"}) { // a file, then a folder
        CAPTURE(path);
        repository.put("jwtdomain/policy.yaml",
                       "version: 1\nverifiers:\n  - {domain: prod, type: envoy, path: " + path + "}\n");
        repository.put("jwtdomain/gateways/prod.yaml", envoy("https://api.prod.example.com"));
        repository.commit();
        const Outcome same = repository.diff("HEAD", {"--fail-on", "weaker"});
        CHECK(same.status == 0);
        CHECK(test::first_line(same.out).rfind("SAME ", 0) == 0);
        CHECK(same.err.empty());
        repository.put("jwtdomain/gateways/prod.yaml",
                       envoy("https://api.prod.example.com, https://other.example.com"));
        const Outcome weaker = repository.diff("HEAD", {"--fail-on", "weaker"});
        CHECK(weaker.status == 1);
        CHECK(says(weaker.out, "audience +https://other.example.com"));
    }
}

TEST_CASE("audit/diff: a revision is read as it stood, whatever the work tree has") {
    Repository repository;
    std::filesystem::remove_all(repository.directory / "jwtdomain/domains");
    repository.put("jwtdomain/policy.yaml",
                   "version: 1\ndomains:\n  - {domain: solo, issuer: https://auth.solo.example.com, audiences: [a]}\n");
    const Outcome gone = repository.diff("main");
    CHECK(gone.status == 0);
    CHECK(says(gone.out, "prod: domain -prod"));
    CHECK(says(gone.out, "solo: domain +solo"));
    repository.git({"tag", "-a", "v1", "-m", "x"}); // of the commit that has them
    CHECK(repository.diff("v1").out.substr(0, 7) == gone.out.substr(0, 7));
    CHECK(repository.diff("main", {"--policy", repository.directory / "jwtdomain"}).out == gone.out);

    Repository linked; // a link to a file is followed, one to a directory is not passed over
    const std::string domains = linked.directory / "jwtdomain/domains/";
    std::filesystem::rename(domains + "prod.yaml", linked.directory / "prod.yaml");
    std::filesystem::create_symlink("../../prod.yaml", domains + "prod.yaml");
    linked.commit();
    CHECK(test::first_line(linked.diff("HEAD").out).rfind("SAME", 0) == 0);
    std::filesystem::create_directory(linked.directory / "elsewhere");
    std::filesystem::create_symlink("../../elsewhere", domains + "more");
    linked.put("elsewhere/x.txt", "");
    linked.commit();
    const Outcome unsupported = linked.diff("HEAD");
    CHECK(unsupported.status == 3);
    CHECK(says(unsupported.err, "a link to a directory is not followed in a revision"));
}

TEST_CASE("audit/diff: what cannot be compared, and what to type instead") {
    Repository repository;
    for (const std::string name : {"nowhere", "main:jwtdomain", "a b", "x\ny", "main\nmain",
                                   "0000000000000000000000000000000000000000", "$(touch x)", "\x1b[31m"}) {
        CAPTURE(name);
        const Outcome outcome = repository.diff(name);
        CHECK(outcome.status == 3);
        CHECK(outcome.out.empty());
        CHECK(says(outcome.err, "neither a directory with a policy nor a revision"));
        CHECK(outcome.err.find('\x1b') == std::string::npos);
    }
    for (const std::string option : {"--help-me", "--output=x", "-x", "--"}) CHECK(repository.diff(option).status == 2);

    repository.add_line("lifetime: soon");
    repository.commit();
    std::filesystem::remove(repository.directory / "jwtdomain/domains/prod.yaml");
    const Outcome malformed = repository.diff("main");
    CHECK(malformed.status == 3);
    CHECK(says(malformed.err, "main:jwtdomain/domains/prod.yaml:8:11: "));

    repository.git({"rm", "-r", "-q", "--cached", "jwtdomain"});
    repository.git({"commit", "-q", "-m", "none"});
    const Outcome none = repository.diff("main");
    CHECK(none.status == 4);
    CHECK(says(none.err, "the revision main has no policy at jwtdomain/policy.yaml"));
    CHECK(says(none.err, "git worktree add"));
}

TEST_CASE("audit/diff: a repository's own configuration runs nothing") {
    Repository repository;
    const std::string ran = repository.directory.path() + "/ran";
    repository.git({"config", "core.fsmonitor", "touch '" + ran + "'; false"});
    repository.git({"config", "core.pager", "touch '" + ran + "'"});
    CHECK(repository.diff("HEAD").status == 0);
    CHECK(!std::filesystem::exists(ran));
    repository.git({"status"}); // which does run it
    CHECK(std::filesystem::exists(ran));
}

TEST_CASE("audit/diff: outside of git, without a policy") {
    test::Estate estate;
    const auto diff = [&](const std::string& old) { return estate.world.run({"audit", "diff", old}); };
    const Outcome no_git = diff("main");
    CHECK(no_git.status == 3);
    CHECK(says(no_git.err, "is in no git work tree"));
    std::filesystem::create_directory(estate.directory / "empty");
    const Outcome empty = diff(estate.directory / "empty");
    CHECK(empty.status == 4);
    CHECK(says(empty.err, "there is no policy in"));
    CHECK(test::first_line(diff(estate.directory.path()).out).rfind("SAME", 0) == 0); // its jwtdomain/
    std::filesystem::remove_all(estate.directory / "jwtdomain");
    CHECK(diff("main").status == 4);
}

TEST_CASE("audit/diff: its words and options") {
    Repository repository;
    const auto usage = [&](const std::vector<std::string>& words) {
        CAPTURE(words.back());
        const Outcome outcome = repository.world.run(words);
        CHECK(outcome.status == 2);
        CHECK(outcome.out.empty());
    };
    usage({"audit", "diff"});
    usage({"audit", "diff", "main", "main"});
    usage({"audit", "diff", ""});
    usage({"audit", "--fail-on", "weaker"});
    usage({"audit", "replay", "x", "--fail-on", "weaker"});
    usage({"audit", "diff", "main", "--fail-on", "high"});
    usage({"audit", "diff", "main", "--against", "insider"});
    usage({"audit", "diff", "main", "--min-depth", "2"});
    usage({"audit", "diff", "main", "--token", "x"});
    usage({"audit", "diff", "main", "--save-witnesses", "x"});
    usage({"audit", "diff", "main", "--format", "sarif"});
    usage({"audit", "diff", "main", "--format", "sarif:" + (repository.directory / "x")});
    CHECK(!std::filesystem::exists(repository.directory / "x"));
}

TEST_CASE("audit/diff: what a policy says is escaped on its way out") {
    Repository repository;
    repository.add_line("neutral_audiences: [\"`|@team <b>\\u001b[31m\\u202e\"]");
    const Outcome text = repository.diff("main");
    CHECK(says(text.out, "\\x1b[31m\\u{202e}"));
    const Outcome markdown = repository.diff("main", {"--format", "markdown"});
    CHECK(says(markdown.out, "``prod: neutral audiences +`\\|@team <b>\\x1b[31m\\u{202e}``"));
    for (const Outcome& outcome : {text, markdown, repository.diff("main", {"--format", "json"})}) {
        CHECK(outcome.out.find('\x1b') == std::string::npos);
        CHECK(outcome.out.find("\xe2\x80\xae") == std::string::npos);
    }
}

TEST_CASE("audit/diff: what is accepted counts: an entry more is weaker, a later end, too") {
    Repository repository;
    const auto ignores = [&](const std::string& text) { repository.put("jwtdomain/ignores.yaml", text); };
    const auto entry = [](const std::string& end, const std::string& owner = "platform") {
        return "- {rule: AUD-01, where: prod, reason: known, owner: " + owner + ", expires: " + end + "}\n";
    };
    ignores(entry("2023-12-01"));
    const Outcome more = repository.diff("HEAD", {"--fail-on", "weaker"});
    CHECK(more.status == 1);
    CHECK(says(more.out, "WEAKER 1 change (1 weaker): worst: prod: ignore of AUD-01 +until"));
    repository.commit();
    ignores(entry("2024-01-01"));
    CHECK(says(repository.diff("HEAD").out, "ignore of AUD-01, end 2023-12-01T00:00:00Z"));
    CHECK(repository.diff("HEAD", {"--fail-on", "weaker"}).status == 1);
    ignores(entry("2023-11-20", "somebody"));
    const Outcome shorter = repository.diff("HEAD", {"--fail-on", "weaker"});
    CHECK(shorter.status == 0);
    CHECK(test::first_line(shorter.out) == "STRONGER 2 changes (1 stronger, 1 neutral)");
    std::filesystem::remove(repository.directory / "jwtdomain/ignores.yaml");
    CHECK(test::first_line(repository.diff("HEAD").out) == "STRONGER 1 change (1 stronger)");
    ignores("- {rule: nothing}\n"); // what cannot be read is no silent pass
    CHECK(repository.diff("HEAD", {"--fail-on", "weaker"}).status == 3);
}
