#include <nlohmann/json.hpp>

#include "tests/support/audited.h"
#include "tests/support/golden.h"

namespace {

namespace test = jwtdomain::test;
using test::Audited;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Proved : Audited {
    std::string file = directory / "proof.json";
    Proved() { isolate(); }
    test::Outcome check(std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"proof", "check", file});
        return world.run(more);
    }
};

} // namespace

TEST_CASE("cli/proof: a certificate is written, and worked out again") {
    Proved estate;
    estate.must({"audit", "--proof", estate.file});
    const auto good = estate.check();
    CHECK(good.status == 0);
    CHECK(good.out.find("VALID 2 services of 2 domains isolated, against insider") == 0);
    CHECK(has(good.out, "prod: no token that an insider of another domain can"));
    CHECK(test::widest_line(good.out) <= 80);
    auto json = nlohmann::json::parse(estate.check({"--format", "json"}).out);
    json["file"] = "proof.json";
    test::check_golden("proof/valid.json", json.dump(2) + "\n");
    test::check_golden("proof/certificate.json", test::read_text(estate.file));
    estate.world.time += 3600; // it is of a moment, and stays what it is
    CHECK(estate.check().status == 0);
}

TEST_CASE("cli/proof: after any change of the policy it is refused, and the change is named") {
    Proved estate;
    estate.must({"audit", "--proof", estate.file});
    SUBCASE("a weaker verifier") {
        estate.leak();
        const auto refused = estate.check();
        CHECK(refused.status == 1);
        CHECK(refused.out.find("REFUSED policy.yaml has changed") == 0);
        CHECK(has(refused.out, "services"));
    }
    SUBCASE("a comment") {
        estate.put("policy.yaml", test::read_text(estate.policy_file("policy.yaml")) + "# nothing\n");
        CHECK(estate.check().out.find("REFUSED policy.yaml has changed") == 0);
    }
    SUBCASE("a key") {
        estate.put_key("prod", "gPizhxYntlrrMygshMOIFzPa612Nyn4sOdqtHf9KvI0",
                       "DHgnCJplruGdBzpZdZHTxzI7aT_y1K5x5V6-9nHShvg");
        CHECK(has(estate.check().out, "jwks/prod.json has changed"));
    }
    SUBCASE("a domain more") {
        estate.put_domain("third", "");
        CHECK(has(estate.check().out, "domains/third.yaml was not there"));
    }
    SUBCASE("the policy is gone") {
        std::filesystem::remove_all(estate.policy_file(""));
        CHECK(estate.check().status == 3);
    }
}

TEST_CASE("cli/proof: what a team accepts is no part of what is proved") {
    Proved estate;
    estate.put("ignores.yaml", "- {rule: KEY-01, where: prod, reason: moving, owner: team, expires: 2024-01-01}\n");
    estate.must({"audit", "--proof", estate.file});
    CHECK(estate.check().status == 0);
    estate.put("ignores.yaml", "");
    CHECK(estate.check().status == 0);
}

TEST_CASE("cli/proof: a certificate that was changed is refused") {
    Proved estate;
    estate.must({"audit", "--proof", estate.file});
    std::string text = test::read_text(estate.file);
    text.replace(text.find("\"insider\""), 9, "\"outsider\"");
    test::write_text(estate.file, text);
    CHECK(estate.check().status == 1);
    test::write_text(estate.file, "{}");
    CHECK(estate.check().status == 3);
    test::write_text(estate.file, "\xff\xfe");
    CHECK(estate.check().status == 3);
    estate.file = estate.directory / "none.json";
    CHECK(estate.check().status == 3);
    estate.file = estate.directory.path();
    CHECK(estate.check().status == 3);
}

TEST_CASE("cli/proof: it can be signed, and --key asks for the signature") {
    Proved estate;
    const std::string key = estate.directory / "signer.pem", public_key = estate.directory / "signer.json";
    estate.must({"keygen", "--out", key});
    test::write_text(public_key, estate.must({"jwks", "--key", key}));
    estate.must({"audit", "--proof", estate.file, "--sign-key", key});
    CHECK(estate.check({"--key", public_key}).status == 0);
    CHECK(has(estate.check({"--key", public_key}).out, "good"));
    CHECK(has(estate.check().out, "not checked"));
    CHECK(estate.check({"--key", estate.policy_file("jwks/prod.json")}).status == 1);
    CHECK(estate.check({"--key", estate.directory / "none.pem"}).status == 3);
    estate.must({"audit", "--proof", estate.file});
    const auto plain = estate.check({"--key", public_key});
    CHECK(plain.status == 1);
    CHECK(has(plain.out, "it is not signed"));
    CHECK(estate.audit({"--proof", estate.file, "--sign-key", public_key}).status == 2);
    CHECK(estate.audit({"--sign-key", key}).status == 2);
}

TEST_CASE("cli/proof: nothing is written where nothing is proved, and the audit is told all the same") {
    Proved estate;
    estate.put("policy.yaml", "version: 1\n");
    const auto outcome = estate.audit({"--proof", estate.file});
    CHECK(outcome.status == 3);
    CHECK(outcome.out.find("CONSISTENT") == 0);
    CHECK(has(outcome.err, "proves nothing"));
    CHECK(!std::filesystem::exists(estate.file));
    estate.isolate();
    CHECK(estate.audit({"--proof", estate.directory / "no/such/\x01/"}).status == 3);
}

TEST_CASE("cli/proof: usage") {
    Proved estate;
    CHECK(estate.world.run({"proof"}).status == 2);
    CHECK(estate.world.run({"proof", "check"}).status == 2);
    CHECK(estate.world.run({"proof", "chekc", "x"}).status == 2);
    CHECK(estate.world.run({"proof", "check", "x", "y"}).status == 2);
}
