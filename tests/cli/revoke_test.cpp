#include <doctest/doctest.h>

#include "tests/support/golden.h"
#include "tests/support/issuing.h"

using namespace jwtdomain;
using namespace jwtdomain::test;
using Json = nlohmann::ordered_json;

namespace {

struct Revoking : Issuing {
    Json revoke(std::vector<std::string> line) {
        line.insert(line.begin(), "revoke");
        line.insert(line.end(), {"--format", "json"});
        return Json::parse(must(line));
    }
    std::string list() const { return read_text(policy_file("revocations.jws")); }
};

} // namespace

TEST_CASE("revoke/token: one token is denied until it has expired, and no other") {
    Revoking it;
    const std::string token = it.token(), other = it.token();
    const Json report = it.revoke({token, "--reason", "in a log"});
    REQUIRE(report["revoked"].size() == 1);
    CHECK(report["revoked"][0]["kind"] == "jti");
    CHECK(report["revoked"][0]["domain"] == "prod");
    CHECK(report["revoked"][0]["until"] == "2023-11-14T22:24:20Z"); // exp and the widest leeway
    CHECK(it.verify("prod", token) == 1);
    CHECK(it.verify("prod", other) == 0);
    const std::string before = it.list();
    const Json again = it.revoke({token});
    CHECK(again["revoked"][0]["new"] == false);
    CHECK(it.list() == before); // idempotent
}

TEST_CASE("revoke/subject: with a time, what was issued before; without, all that ever comes") {
    Revoking it;
    const std::string before = it.token();
    it.world.time += 60;
    it.revoke({"--domain", "prod", "--subject", "alice", "--before", std::to_string(it.world.time)});
    const std::string after = it.token();
    CHECK(it.verify("prod", before) == 1);
    CHECK(it.verify("prod", after) == 0);
    it.revoke({"--domain", "prod", "--subject", "alice"});
    CHECK(it.verify("prod", after) == 1);
    it.refused({}, "revoked", 3); // nor is one minted any more
}

TEST_CASE("revoke/key: and a whole domain: the others are not touched") {
    Revoking it;
    const std::string prod = it.token();
    const std::string staging = lines_of(it.must({"issue", "--domain", "staging", "--subject", "alice"})).front();
    it.revoke({"--domain", "prod", "--key", header_of(prod)["kid"].get<std::string>()});
    CHECK(it.verify("prod", prod) == 1);
    CHECK(it.verify("staging", staging) == 0);
    it.revoke({"--domain", "staging"});
    CHECK(it.verify("staging", staging) == 1);
    CHECK(lines_of(it.list()).size() == 2); // each domain signs for itself
}

TEST_CASE("revoke/list: what is over is left out; what cannot be believed is not built upon") {
    Revoking it;
    for (int i = 0; i < 5; ++i) {
        it.revoke({it.token()});
        it.world.time += 1000; // beyond the life of the one before
    }
    CHECK(Json::parse(it.must({"revoke", "--list", "--format", "json"}))["revoked"].size() == 1);
    it.put("revocations.jws", "nonsense\n");
    const Outcome out = it.world.run({"revoke", "--domain", "prod", "--subject", "alice"});
    CHECK(out.status == 3);
    CHECK(out.err.find("cannot be believed") != std::string::npos);
    CHECK(it.list() == "nonsense\n");
}

TEST_CASE("revoke/import: a newer list of the same signer is taken over, an older one never") {
    Revoking it;
    const std::string token = it.token(), other = it.token();
    it.revoke({token});
    const std::string old = it.list();
    it.world.time += 1;
    it.revoke({other});
    const std::string fresh = it.list();
    write_text(it.directory / "old.jws", old);
    write_text(it.directory / "fresh.jws", fresh);
    const Outcome refused = it.world.run({"revoke", "--import", it.directory / "old.jws"});
    CHECK(refused.status == 3);
    CHECK(it.list() == fresh);
    it.put("revocations.jws", old);
    CHECK(it.verify("prod", other) == 0);
    it.must({"revoke", "--import", it.directory / "fresh.jws"});
    CHECK(it.verify("prod", other) == 1);
    std::string forged = fresh;
    forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
    write_text(it.directory / "forged.jws", forged);
    CHECK(it.world.run({"revoke", "--import", it.directory / "forged.jws"}).status == 3);
    CHECK(it.list() == fresh);
}

TEST_CASE("revoke/keys: where the policy names keys for it, they sign, and others do not") {
    Revoking it;
    const std::string token = it.token();
    it.must({"keygen", "--domain", "staging"}); // a further key, whose private half is in the store
    it.put("policy.yaml", "version: 1\nrevocations: {file: lists/revoked.jws, keys: [jwks/staging.json]}\n");
    CHECK(it.verify("prod", token) == 3); // a list that is named and not there: nothing can be said
    it.revoke({"--domain", "prod", "--subject", "alice"});
    CHECK(it.verify("prod", token) == 1);
    CHECK(std::filesystem::exists(it.policy_file("lists/revoked.jws")));
}

TEST_CASE("revoke/rotation: the list can be believed, also once the key that signed it has gone") {
    Revoking it;
    it.revoke({"--domain", "prod", "--subject", "mallory"});
    const std::string before = it.list();
    it.must({"rotate", "--domain", "prod", "--emergency"});
    CHECK(it.list() != before);
    CHECK(it.verify("prod", it.token()) == 0);
    CHECK(Json::parse(it.must({"revoke", "--list", "--format", "json"}))["revoked"].size() == 1);
    const Outcome log = it.world.run({"audit", "log", "--format", "jsonl"});
    CHECK(log.out.find(R"("event":"rotate")") != std::string::npos);
    CHECK(log.out.find("signs in the place of all others") != std::string::npos);
}

TEST_CASE("revoke/usage: what is missing is asked for") {
    Revoking it;
    const auto usage = [&](const std::vector<std::string>& line, const std::string& says, int status = 2) {
        const Outcome out = it.world.run(line);
        CHECK(out.status == status);
        CHECK_MESSAGE(out.err.find(says) != std::string::npos, out.err);
    };
    usage({"revoke"}, "what is to be revoked", 4);
    usage({"revoke", "--subject", "alice"}, "in which domain");
    usage({"revoke", "--subject", "alice", "--jti", "x"}, "one thing at a time");
    usage({"revoke", "--jti", "x", "--before", "2026-01-01"}, "--before goes with");
    usage({"revoke", "--domain", "nowhere"}, "nowhere", 3);
    usage({"revoke", "--list", "--domain", "prod"}, "take nothing else");
    usage({"revoke", "nonsense"}, "no token", 3);
    const std::string text = it.must({"revoke", "--domain", "prod", "--subject", "eve\x1b[31m"});
    CHECK(text.find("eve\\x1b[31m") != std::string::npos); // escaped, and once
    CHECK(it.must({"revoke", "--list"}).find("eve\\x1b[31m") != std::string::npos);
}
