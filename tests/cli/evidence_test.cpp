#include <nlohmann/json.hpp>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/jwt/token.h"
#include "tests/support/audited.h"
#include "tests/support/golden.h"

namespace {

namespace test = jwtdomain::test;
namespace fs = std::filesystem;
using test::Audited;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Kept : Audited {
    std::string runs = directory / "runs";
    Kept() { isolate(); }
    std::string run(const std::string& name) const { return runs + "/" + name; }
    test::Outcome make(const std::string& name, std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"evidence", "make", run(name)});
        return world.run(more);
    }
    test::Outcome verify(const std::string& at, std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"evidence", "verify", at});
        return world.run(more);
    }
    void change(const std::string& file, const std::string& text) const { test::write_text(file, text); }
};

std::vector<std::string> files_of(const std::string& directory) {
    std::vector<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        if (entry.is_regular_file()) out.push_back(entry.path().lexically_relative(directory).generic_string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

TEST_CASE("cli/evidence: what is made is verified, wherever it lies, without the policy") {
    Kept estate;
    const auto made = estate.make("a");
    CHECK(made.status == 0);
    CHECK(made.out.find("ISOLATED") == 0);
    CHECK(test::widest_line(made.out) <= 80);
    CHECK(files_of(estate.run("a")) ==
          std::vector<std::string>{"audit.json", "certificate.json", "envelope.json", "evidence.json", "findings.csv",
                                   "index.html", "inputs/domains/prod.yaml", "inputs/domains/staging.yaml",
                                   "inputs/jwks/prod.json", "inputs/jwks/staging.json", "inputs/policy.yaml",
                                   "matrix.csv"});
    for (const char* name : {"evidence.json", "matrix.csv", "findings.csv"})
        test::check_golden(std::string("evidence/") + name, test::read_text(estate.run("a") + "/" + name));
    fs::rename(estate.run("a"), estate.directory / "moved");
    fs::remove_all(estate.policy_file(""));
    const auto verified = estate.verify(estate.directory / "moved");
    CHECK(verified.status == 0);
    CHECK(verified.out.find("VALID 1 run, derived again") == 0);
    auto json = nlohmann::json::parse(estate.verify(estate.directory / "moved", {"--format", "json"}).out);
    json["runs"][0]["directory"] = "moved";
    test::check_golden("evidence/verified.json", json.dump(2) + "\n");
}

TEST_CASE("cli/evidence: the same policy at the same time gives the same octets, but for the envelope") {
    Kept estate;
    estate.leak();
    CHECK(estate.make("a", {"--time", "2023-11-14T00:00:00Z"}).status == 1);
    estate.world.time += 1000;
    CHECK(estate.make("b", {"--time", "2023-11-14T00:00:00Z"}).status == 1);
    for (const std::string& name : files_of(estate.run("a"))) {
        CAPTURE(name);
        const bool same =
            test::read_text(estate.run("a") + "/" + name) == test::read_text(estate.run("b") + "/" + name);
        CHECK(same == (name != "envelope.json"));
    }
    CHECK(estate.verify(estate.runs).status == 0);
}

TEST_CASE("cli/evidence: whatever is changed, added or taken away is told") {
    Kept estate;
    estate.make("a");
    const std::string run = estate.run("a");
    for (const std::string& name : files_of(run)) {
        CAPTURE(name);
        const std::string before = test::read_text(run + "/" + name);
        estate.change(run + "/" + name, before + " ");
        if (name != "envelope.json") {
            const auto changed = estate.verify(run);
            CHECK(changed.status == 1);
            CHECK(has(changed.out, "CHANGED"));
            CHECK(has(changed.out, name + " was changed"));
        }
        fs::remove(run + "/" + name);
        CHECK(estate.verify(run).status == (name == "envelope.json" ? 4 : 1));
        estate.change(run + "/" + name, before);
    }
    CHECK(estate.verify(run).status == 0);
    estate.change(run + "/more.txt", "x");
    CHECK(has(estate.verify(run).out, "more.txt was added"));
    fs::remove(run + "/more.txt");
    fs::create_symlink("/etc/hostname", run + "/link");
    CHECK(has(estate.verify(run).out, "link is no regular file"));
    fs::remove(run + "/link");
    estate.change(run + "/envelope.json", "{}");
    CHECK(estate.verify(run).status == 1);
}

TEST_CASE("cli/evidence: whoever can write the envelope anew cannot make up what does not follow from the inputs") {
    Kept estate;
    estate.leak();
    CHECK(estate.make("leaks").status == 1);
    estate.isolate();
    CHECK(estate.make("clean").status == 0);
    // The reports of the clean run under the inputs of the leaking one, with an envelope that fits.
    const std::string run = estate.run("leaks");
    for (const char* name : {"audit.json", "evidence.json", "matrix.csv", "findings.csv", "index.html"})
        fs::copy_file(estate.run("clean") + "/" + name, run + "/" + name, fs::copy_options::overwrite_existing);
    CHECK(has(estate.verify(run).out, "audit.json was changed"));
    auto envelope = nlohmann::json::parse(test::read_text(run + "/envelope.json"));
    std::string payload;
    REQUIRE(jwtdomain::base64_decode_lenient(envelope["payload"].get<std::string>(), payload));
    auto statement = nlohmann::json::parse(payload);
    for (auto& subject : statement["subject"]) {
        const std::string name = subject["name"];
        subject["digest"]["sha256"] = jwtdomain::fingerprint(test::read_text(run + "/" + name));
    }
    envelope["payload"] = jwtdomain::base64_encode(statement.dump());
    estate.change(run + "/envelope.json", envelope.dump());
    const auto made_up = estate.verify(run);
    CHECK(made_up.status == 1);
    CHECK(has(made_up.out, "audit.json is not what the inputs give"));
}

TEST_CASE("cli/evidence: days without a run are gaps") {
    Kept estate;
    const auto make_at = [&](const std::string& day) {
        return estate.make(day, {"--time", day + "T03:00:00Z"}).status;
    };
    CHECK(make_at("2023-11-10") == 0);
    CHECK(make_at("2023-11-11") == 0);
    CHECK(make_at("2023-11-13") == 0);
    const auto gaps = estate.verify(estate.runs);
    CHECK(gaps.status == 3);
    CHECK(gaps.out.find("GAPS 1 day without a run: 2023-11-12") == 0);
    CHECK(estate.verify(estate.runs, {"--to", "2023-11-11"}).status == 0);
    const auto more = estate.verify(estate.runs, {"--from", "2023-11-09", "--to", "2023-11-14"});
    CHECK(more.out.find("GAPS 3 days without a run: 2023-11-09") == 0);
    CHECK(estate.verify(estate.runs, {"--from", "2023-11-09T00:00:00Z"}).status == 2);
    CHECK(estate.verify(estate.runs, {"--from", "2023-11-14", "--to", "2023-11-09"}).status == 2);
    CHECK(make_at("2023-11-12") == 0);
    CHECK(estate.verify(estate.runs).status == 0);
    estate.change(estate.run("2023-11-11") + "/matrix.csv", "");
    const auto changed = estate.verify(estate.runs);
    CHECK(changed.status == 1);
    CHECK(changed.out.find("CHANGED 1 of 4 runs") == 0);
    CHECK(has(changed.out, "2023-11-11")); // it does not count as a run, either
}

TEST_CASE("cli/evidence: it can be signed") {
    Kept estate;
    const std::string key = estate.directory / "signer.pem", public_key = estate.directory / "signer.json";
    estate.must({"keygen", "--out", key});
    test::write_text(public_key, estate.must({"jwks", "--key", key}));
    CHECK(estate.make("signed", {"--sign-key", key}).status == 0);
    CHECK(estate.verify(estate.run("signed"), {"--key", public_key}).status == 0);
    CHECK(estate.verify(estate.run("signed"), {"--key", estate.policy_file("jwks/prod.json")}).status == 1);
    estate.make("plain");
    CHECK(estate.verify(estate.run("plain"), {"--key", public_key}).status == 1);
    CHECK(has(estate.verify(estate.run("plain")).out, "not signed"));
}

TEST_CASE("cli/evidence: exceptions are kept with it") {
    Kept estate;
    estate.leak();
    const std::string known = estate.directory / "known.json";
    CHECK(estate.audit({"--write-baseline", known, "--owner", "platform"}).status == 1);
    CHECK(estate.make("a", {"--baseline", known}).status == 0);
    CHECK(has(test::read_text(estate.run("a") + "/evidence.json"), "\"owner\": \"platform\""));
    fs::remove(known);
    CHECK(estate.verify(estate.run("a")).status == 0);
    estate.put("ignores.yaml", "- {rule: AUD-01, where: prod, reason: moving, owner: team, expires: 2024-01-01}\n");
    CHECK(estate.make("b").status == 1);
    CHECK(fs::exists(estate.run("b") + "/inputs/ignores.yaml"));
    CHECK(has(test::read_text(estate.run("b") + "/findings.csv"), "team"));
    CHECK(estate.world
              .run({"proof", "check", estate.run("b") + "/certificate.json", "--policy", estate.run("b") + "/inputs"})
              .status == 0);
    estate.world.time += 400 * 86400; // the entry has expired since, and is still what it was
    CHECK(estate.verify(estate.run("b")).status == 0);
}

TEST_CASE("cli/evidence: nothing secret is kept, and nothing is half-written") {
    Kept estate;
    estate.put("jwks/prod.json",
               R"({"keys":[{"kty":"oct","kid":"s","alg":"HS256","k":"nwLEcTvoVaoQbfMphL4HXNGTSC73YBulyTR-DZbiX4E"}]})");
    const auto refused = estate.make("a");
    CHECK(refused.status == 3);
    CHECK(has(refused.err, "secret"));
    CHECK(!fs::exists(estate.runs));
    estate.put_key("prod", "pTceMW-Bsgx54GgM2tVjRACU9ND21qFzdV4FKLEt85Q",
                   "AZuq_s8m0knNB_w6bMaqtdellXebTIl5lZRPQWgpvhU");
    CHECK(estate.make("a").status == 0);
    CHECK(estate.make("a").status == 3); // it exists
    CHECK(estate.verify(estate.run("a")).status == 0);
    fs::create_directories(estate.directory / "outside");
    fs::rename(estate.policy_file("jwks/prod.json"), estate.directory / "outside/prod.json");
    fs::create_directories(estate.policy_file("jwks"));
    estate.put("domains/prod.yaml", "domain: prod\nissuer: https://auth.prod.example.com\naudiences: "
                                    "[https://api.prod.example.com]\njwks: " +
                                        (estate.directory / "outside/prod.json") + "\n");
    CHECK(estate.make("b").status == 3);
    CHECK(!fs::exists(estate.run("b")));
}

TEST_CASE("cli/evidence: usage") {
    Kept estate;
    CHECK(estate.world.run({"evidence"}).status == 2);
    CHECK(estate.world.run({"evidence", "make"}).status == 2);
    CHECK(estate.world.run({"evidence", "mkae", "x"}).status == 2);
    CHECK(estate.world.run({"evidence", "make", "x", "--from", "2023-11-09"}).status == 2);
    CHECK(estate.world.run({"evidence", "verify", "x", "--against", "replay"}).status == 2);
    CHECK(estate.world.run({"evidence", "verify", estate.directory / "none"}).status == 4);
    CHECK(estate.world.run({"evidence", "make", "x", "--policy", "nowhere"}).status == 3);
}
