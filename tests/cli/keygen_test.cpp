#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "jwtdomain/jwt/keyfile.h"
#include "tests/support/golden.h"
#include "tests/support/two_domains.h"

using namespace jwtdomain;
using test::read_text;
using test::write_text;
using Json = nlohmann::json;

namespace {

unsigned mode_of(const std::string& path) {
    struct stat info {};
    return stat(path.c_str(), &info) == 0 ? info.st_mode & 0777u : 0;
}

// A key of the tests, with which nothing is protected: RFC 8037 appendix A.1.
const std::string kPrivateJwk =
    R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
const std::string kThumbprint = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"; // appendix A.3

struct Files {
    TemporaryDirectory directory;
    test::FakeWorld world;
    std::string put(const std::string& name, const std::string& text, mode_t mode = 0600) const {
        write_text(directory / name, text);
        chmod((directory / name).c_str(), mode);
        return directory / name;
    }
};

} // namespace

TEST_CASE("keygen/domain: the private half goes into the key store, the public half into the policy") {
    test::TwoDomains two;
    const test::Outcome made = two.world.run({"keygen", "--domain", "prod", "--format", "json"});
    REQUIRE_MESSAGE(made.status == 0, made.err);
    const Json report = Json::parse(made.out);
    const std::string kid = report["kid"];

    const Json set = Json::parse(read_text(two.policy_file("jwks/prod.json")));
    REQUIRE(set["keys"].size() == 1);
    CHECK(set["keys"][0]["kid"] == kid);
    CHECK(set["keys"][0]["alg"] == "ES256");
    CHECK(set["keys"][0]["iat"] == 1'700'000'000);
    CHECK_FALSE(set["keys"][0].contains("d"));

    const std::string file = two.key_store() + "/" + kid + ".jwk";
    CHECK(report["private_file"] == file);
    CHECK(mode_of(file) == 0600);
    CHECK(mode_of(two.key_store()) == 0700);
    const Json secret = Json::parse(read_text(file));
    CHECK(secret["jwtdomain_domain"] == "prod");
    CHECK(secret["iat"] == 1'700'000'000);
    CHECK(secret["d"].is_string());
    CHECK(parse_private_jwk(read_text(file)).has_value());
    CHECK(made.out.find(secret["d"].get<std::string>()) == std::string::npos);
}

TEST_CASE("keygen/domain: the report says what to commit and what never to commit") {
    test::TwoDomains two;
    const test::Outcome made = two.world.run({"keygen", "--domain", "prod"});
    REQUIRE(made.status == 0);
    CHECK(test::first_line(made.out).rfind("MADE ES256 key ", 0) == 0);
    CHECK(made.out.find("never commit") != std::string::npos);
    CHECK(made.out.find("jwtdomain issue --domain prod") != std::string::npos);
}

TEST_CASE("keygen/domain: a further key leaves what is in the set untouched, octet for octet") {
    test::TwoDomains two;
    const std::string before = "{\n  \"comment\": \"ours\",\n  \"keys\": [ {\"kty\":\"RSA\", \"use\":\"enc\" , "
                               "\"x-note\":\"\\u00e9\"} ]  }\n\n";
    two.put("jwks/prod.json", before);
    two.must({"keygen", "--domain", "prod"});
    const std::string after = read_text(two.policy_file("jwks/prod.json"));
    CHECK(after.substr(0, before.find("} ]") + 1) == before.substr(0, before.find("} ]") + 1));
    CHECK(after.substr(after.size() - 6) == "]  }\n\n");
    CHECK(Json::parse(after)["keys"].size() == 2);

    const test::Outcome second = two.world.run({"keygen", "--domain", "prod"});
    CHECK(second.status == 0);
    CHECK(second.out.find("This is key 2 of prod") != std::string::npos);
    CHECK(test::widest_line(second.out.substr(second.out.find("This is"))) <= 80);
    CHECK(Json::parse(read_text(two.policy_file("jwks/prod.json")))["keys"].size() == 3);
    CHECK(two.stored_keys() == 2);
}

TEST_CASE("keygen/domain: nothing is made where nothing can be published") {
    test::TwoDomains two;
    SUBCASE("a foreign issuer") {
        two.put_domain("prod", "foreign: true\n");
        const test::Outcome refused = two.world.run({"keygen", "--domain", "prod"});
        CHECK(refused.status == 3);
        CHECK(refused.err.find("somebody else's") != std::string::npos);
    }
    SUBCASE("keys at a URL") {
        two.put("domains/prod.yaml",
                "domain: prod\nissuer: https://a.example.com\naudiences: [x]\njwks: https://a.example.com/jwks\n");
        CHECK(two.world.run({"keygen", "--domain", "prod"}).status == 3);
    }
    SUBCASE("an algorithm that the domain does not accept") {
        const test::Outcome refused = two.world.run({"keygen", "--domain", "prod", "--alg", "RS256"});
        CHECK(refused.status == 2);
        CHECK(refused.err.find("it accepts ES256") != std::string::npos);
    }
    SUBCASE("a shared secret") {
        two.put_domain("prod", "algorithms: [HS256]\n");
        CHECK(two.world.run({"keygen", "--domain", "prod"}).status == 3);
    }
    SUBCASE("a set that another domain publishes") {
        two.put("domains/prod.yaml",
                "domain: prod\nissuer: https://a.example.com\naudiences: [x]\njwks: jwks/staging.json\n");
        const test::Outcome refused = two.world.run({"keygen", "--domain", "prod"});
        CHECK(refused.status == 3);
        CHECK(refused.err.find("open both domains") != std::string::npos);
    }
    SUBCASE("a file that is no set") {
        two.put("jwks/prod.json", "[]");
        CHECK(two.world.run({"keygen", "--domain", "prod"}).status == 3);
        CHECK(read_text(two.policy_file("jwks/prod.json")) == "[]");
    }
    SUBCASE("a set that cannot be written: the private half goes again") {
        two.put("jwks", "a file in the place of the directory");
        CHECK(two.world.run({"keygen", "--domain", "prod"}).status == 3);
    }
    SUBCASE("a key store inside a git work tree") {
        std::filesystem::create_directories(two.directory / ".git");
        const test::Outcome refused = two.world.run({"keygen", "--domain", "prod"});
        CHECK(refused.status == 3);
        CHECK(refused.err.find("git work tree") != std::string::npos);
        CHECK(refused.err.find("XDG_STATE_HOME") != std::string::npos);
    }
    SUBCASE("a key store that others may enter") {
        std::filesystem::create_directories(two.key_store());
        chmod(two.key_store().c_str(), 0755);
        const test::Outcome refused = two.world.run({"keygen", "--domain", "prod"});
        CHECK(refused.status == 3);
        CHECK(refused.err.find("chmod 700") != std::string::npos);
    }
    CHECK(two.stored_keys() == 0);
    const std::string set = read_text(two.policy_file("jwks/prod.json"));
    CHECK((set.empty() || set == "[]"));
}

TEST_CASE("keygen/domain: an unknown domain and a URL in its place are told what to type") {
    test::TwoDomains two;
    CHECK(two.world.run({"keygen", "--domain", "prd"}).err.find("prod") != std::string::npos);
    const test::Outcome url = two.world.run({"keygen", "--domain", "https://api.prod.example.com"});
    CHECK(url.status == 3);
    CHECK(url.err.find("--domain prod") != std::string::npos);
    CHECK(test::run_alone({"keygen", "--domain", "prod"}).err.find("jwtdomain init") != std::string::npos);
}

TEST_CASE("keygen/domain: keys of several algorithms, by the names that people know") {
    test::TwoDomains two;
    two.put_domain("prod", "algorithms: [EdDSA, ES256, PS256]\n");
    two.must({"keygen", "--domain", "prod"});
    two.must({"keygen", "--domain", "prod", "--alg", "Ed25519"});
    two.must({"keygen", "--domain", "prod", "--alg", "Ed448"});
    two.must({"keygen", "--domain", "prod", "--alg", "PS256", "--bits", "3072"});
    const Json keys = Json::parse(read_text(two.policy_file("jwks/prod.json")))["keys"];
    CHECK(keys[0]["alg"] == "EdDSA");
    CHECK(keys[1]["alg"] == "Ed25519");
    CHECK(keys[2]["crv"] == "Ed448");
    CHECK(keys[3]["n"].get<std::string>().size() == 512);
}

TEST_CASE("keygen/file: every algorithm gives a key that loads again") {
    Files files;
    for (const char* algorithm :
         {"ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed448", "RS256", "PS512", "HS256", "HS512"}) {
        CAPTURE(algorithm);
        const std::string path = files.directory / (std::string(algorithm) + ".jwk");
        REQUIRE(files.world.run({"keygen", "--out", path, "--alg", algorithm}).status == 0);
        CHECK(mode_of(path) == 0600);
        const auto key = parse_private_jwk(read_text(path));
        REQUIRE(key.has_value());
        CHECK(key->metadata.algorithm == algorithm);
        if (!std::holds_alternative<HmacKey>(key->key))
            CHECK(key->metadata.kid == thumbprint_of(key->key));
        else
            CHECK(key->metadata.kid != thumbprint_of(key->key)); // a digest of the secret is not handed about
    }
}

TEST_CASE("keygen/file: an existing file is never written over") {
    Files files;
    const std::string path = files.put("key.pem", "precious");
    CHECK(files.world.run({"keygen", "--out", path}).status == 3);
    CHECK(read_text(path) == "precious");
}

TEST_CASE("keygen/file: the key goes to standard output only when asked, and then alone") {
    Files files;
    const test::Outcome out = files.world.run({"keygen", "--out", "-", "--format", "jwk"});
    CHECK(out.status == 0);
    CHECK(parse_private_jwk(out.out).has_value());
    CHECK(out.err.empty());
    const test::Outcome none = files.world.run({"keygen"});
    CHECK(none.status == 2);
    CHECK(none.out.empty());
}

TEST_CASE("keygen/file: an encrypted key opens with its passphrase, and with no other") {
    Files files;
    files.world.variables["PASS"] = "correct horse";
    files.world.variables["WRONG"] = "battery staple";
    const std::string sealed = files.directory / "sealed.pem", open = files.directory / "open.jwk";
    REQUIRE(files.world.run({"keygen", "--out", sealed, "--passphrase", "env:PASS"}).status == 0);
    CHECK(read_text(sealed).rfind("-----BEGIN ENCRYPTED PRIVATE KEY-----", 0) == 0);
    CHECK(files.world.run({"keygen", "--from", sealed, "--from-passphrase", "env:WRONG", "--out", open}).status == 3);
    CHECK_FALSE(std::filesystem::exists(open));
    CHECK(files.world.run({"keygen", "--from", sealed, "--from-passphrase", "env:PASS", "--out", open}).status == 0);
    CHECK(parse_private_jwk(read_text(open)).has_value());
}

TEST_CASE("keygen/from: a private key survives every format") {
    Files files;
    const std::string first = files.directory / "rsa.jwk";
    REQUIRE(files.world.run({"keygen", "--out", first, "--alg", "RS256"}).status == 0);
    const std::string print = thumbprint_of(parse_private_jwk(read_text(first))->key);
    std::string last = first;
    for (const char* format : {"pem", "der", "pkcs1", "jwks", "jwk"}) {
        CAPTURE(format);
        const std::string next = files.directory / (std::string("rsa-") + format);
        const test::Outcome outcome = files.world.run({"keygen", "--from", last, "--out", next, "--format", format});
        REQUIRE_MESSAGE(outcome.status == 0, outcome.err);
        CHECK(mode_of(next) == 0600);
        const auto key = load_key(read_text(next), next, {});
        REQUIRE(key.has_value());
        CHECK(thumbprint_of(std::get<PrivateJwk>(key->content).key) == print);
        last = next;
    }
}

TEST_CASE("keygen/from: --public writes the public half and nothing of the private one") {
    Files files;
    const std::string from = files.put("key.jwk", kPrivateJwk);
    const test::Outcome out = files.world.run({"keygen", "--from", from, "--public", "--out", "-", "--format", "jwk"});
    REQUIRE(out.status == 0);
    CHECK(out.out == R"({"kty":"OKP","kid":")" + kThumbprint +
                         R"(","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})" + "\n");
    const test::Outcome pem = files.world.run({"keygen", "--from", from, "--public", "--out", "-"});
    CHECK(pem.out.rfind("-----BEGIN PUBLIC KEY-----", 0) == 0);
}

TEST_CASE("keygen/from: other people's kids are kept, and --alg is written where it fits") {
    Files files;
    std::string named = kPrivateJwk;
    named.insert(1, R"("kid":"2024-06 / blue",)");
    const std::string from = files.put("key.jwk", named);
    const test::Outcome out =
        files.world.run({"keygen", "--from", from, "--public", "--out", "-", "--format", "jwk", "--alg", "EdDSA"});
    CHECK(Json::parse(out.out)["kid"] == "2024-06 / blue");
    CHECK(Json::parse(out.out)["alg"] == "EdDSA");
    CHECK(files.world.run({"keygen", "--from", from, "--public", "--out", "-", "--alg", "ES256"}).status == 2);
}

TEST_CASE("keygen/from: a file that others may read is refused, with the command that closes it") {
    Files files;
    const std::string from = files.put("key.jwk", kPrivateJwk, 0644);
    const test::Outcome refused = files.world.run({"keygen", "--from", from, "--out", "-"});
    CHECK(refused.status == 3);
    CHECK(refused.out.empty());
    CHECK(refused.err.find("chmod 600") != std::string::npos);
}

TEST_CASE("keygen/from: a set is taken whole as a set, and by kid as one key") {
    Files files;
    const std::string set = files.directory / "all.json";
    std::vector<std::string> jwks{"jwks"};
    for (const char* name : {"a.jwk", "b.jwk"}) {
        REQUIRE(files.world.run({"keygen", "--out", files.directory / name}).status == 0);
        jwks.insert(jwks.end(), {"--key", files.directory / name});
    }
    const test::Outcome made = files.world.run(jwks);
    REQUIRE(made.status == 0);
    files.put("all.json", made.out, 0644);
    const test::Outcome several = files.world.run({"keygen", "--from", set, "--out", "-"});
    CHECK(several.status == 2);
    const std::string kid = Json::parse(made.out)["keys"][1]["kid"];
    CHECK(several.err.find(kid) != std::string::npos);
    CHECK(files.world.run({"keygen", "--from", set, "--out", "-", "--kid", kid}).out.rfind("-----BEGIN PUBLIC", 0) ==
          0);
    CHECK(files.world.run({"keygen", "--from", set, "--out", "-", "--format", "jwks"}).out == made.out);
    CHECK(files.world.run({"keygen", "--from", set, "--out", "-", "--kid", "nobody"}).status == 3);
}

TEST_CASE("keygen/from: what is not a key is refused as what it is") {
    Files files;
    for (const char* text : {"", "hello", "\x00\x01\x02", "{}", "-----BEGIN PUBLIC KEY-----\n"}) {
        const std::string from = files.put("what", text);
        CHECK(files.world.run({"keygen", "--from", from, "--out", "-"}).status >= 3);
    }
    CHECK(files.world.run({"keygen", "--from", files.directory.path(), "--out", "-"}).status == 3);
    CHECK(files.world.run({"keygen", "--from", files.directory / "nowhere", "--out", "-"}).status == 3);
}

TEST_CASE("keygen/usage: combinations that make no sense are refused before anything is made") {
    Files files;
    const std::string out = files.directory / "key";
    const std::vector<std::vector<std::string>> wrong{{"--out", out, "--alg", "HS25"},
                                                      {"--out", out, "--bits", "4096"},
                                                      {"--out", out, "--alg", "RS256", "--bits", "1024"},
                                                      {"--out", out, "--alg", "RS256", "--bits", "9000"},
                                                      {"--out", out, "--public"},
                                                      {"--out", out, "--format", "x509"},
                                                      {"--out", out, "--domain", "prod"},
                                                      {"--out", out, "--alg", "none"},
                                                      {"--out", out, "--alg", "HS256", "--format", "pem"},
                                                      {"--out", out, "--alg", "ES256", "--format", "pkcs1"},
                                                      {"--from", out}};
    for (const auto& arguments : wrong) {
        std::vector<std::string> line{"keygen"};
        line.insert(line.end(), arguments.begin(), arguments.end());
        const test::Outcome outcome = files.world.run(line);
        CAPTURE(outcome.err);
        CHECK(outcome.status == 2);
        CHECK_FALSE(std::filesystem::exists(out));
    }
}

TEST_CASE("keygen/json: the reports are as they were frozen") {
    Files files;
    const std::string from = files.put("key.jwk", kPrivateJwk);
    std::string json =
        files.world.run({"keygen", "--from", from, "--out", files.directory / "key.pem", "--format", "json"}).out;
    json.replace(json.find(files.directory.path()), files.directory.path().size(), "DIR");
    test::check_golden("keygen/converted.json", json);

    test::TwoDomains two;
    Json report = Json::parse(two.must({"keygen", "--domain", "prod", "--format", "json"}));
    CHECK(report["kid"].get<std::string>().size() == 43);
    std::string text = two.must({"keygen", "--domain", "prod", "--format", "json"});
    const std::string kid = Json::parse(text)["kid"];
    for (const auto& [from_text, to] :
         std::vector<std::pair<std::string, std::string>>{{kid, "KID"}, {two.directory.path(), "DIR"}}) {
        for (std::size_t at = text.find(from_text); at != std::string::npos; at = text.find(from_text))
            text.replace(at, from_text.size(), to);
    }
    test::check_golden("keygen/domain.json", text);
}
