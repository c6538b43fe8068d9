#include <doctest/doctest.h>

#include <sys/stat.h>

#include "tests/support/issuing.h"

using namespace jwtdomain;
using namespace jwtdomain::test;
using Json = nlohmann::ordered_json;

TEST_CASE("issue/free: a key or a secret makes tokens of no policy, and verify takes them by the same") {
    Issuing it;
    const std::string key = it.directory / "key.pem";
    it.must({"keygen", "--out", key, "--alg", "EdDSA"});
    it.world.variables["SECRET"] = "a secret that has the length that HS256 wants";
    for (const std::vector<std::string>& by : {std::vector<std::string>{"--key", key}, {"--secret", "env:SECRET"}}) {
        const std::string token =
            lines_of(it.must({"issue", by[0], by[1], "--iss", "me", "--aud", "you", "--sub", "x", "--claim", "n:=1"}))
                .at(0);
        CHECK(header_of(token)["typ"] == "JWT");
        const Json claims = claims_of(token);
        CHECK(claims["exp"] == 1'700'000'600);
        CHECK(claims["n"] == 1);
        CHECK(claims.contains("jti"));
        CHECK(it.world.run({"verify", by[0], by[1], "--issuer", "me", "--audience", "you", token}).status == 0);
        CHECK(it.verify("prod", token) == 1);
    }
}

TEST_CASE("issue/free: a claim set is taken as it is, octet for octet, also a broken one") {
    Issuing it;
    const std::string key = it.directory / "key.pem";
    it.must({"keygen", "--out", key});
    const auto payload = [&](const std::vector<std::string>& more) {
        std::vector<std::string> line{"issue", "--key", key};
        line.insert(line.end(), more.begin(), more.end());
        const std::string token = lines_of(it.must(line)).at(0);
        std::string octets;
        base64url_decode(token.substr(token.find('.') + 1, token.rfind('.') - token.find('.') - 1), octets);
        return octets;
    };
    CHECK(payload({"--claims", R"( {"sub":"a", "sub":"b"} )"}) == R"( {"sub":"a", "sub":"b"})");
    CHECK(payload({"--claims", "{}", "--ttl", "1m"}) == R"({"iat":1700000000,"exp":1700000060})");
    CHECK(payload({"--claims", R"({"a":1})", "--claim", "b=2"}) == R"({"a":1,"b":"2"})");
    CHECK(payload({"--claim", "exp:=\"soon\"", "--claim", "jti=1"}) == R"({"iat":1700000000,"exp":"soon","jti":"1"})");
    write_text(it.directory / "claims.json", "{\"x\":[1]}\n");
    CHECK(payload({"--claims", "@" + (it.directory / "claims.json")}) == R"({"x":[1]})");
    CHECK(it.world.run({"issue", "--key", key, "--claims", "[1]"}).status == 2);
    CHECK(it.world.run({"issue", "--key", key, "--claims", "{\"sub\":1}", "--subject", "x"}).status == 2);
    CHECK(it.world.run({"issue", "--key", key, "--subject", "x", "--claim", "sub=y"}).status == 2);
    const Outcome lines =
        it.world.run_with_input("{\"a\":1}\n{\"a\":2}\n", {"issue", "--key", key, "--input", "jsonl"});
    CHECK(claims_of(lines_of(lines.out).at(1)) == Json::parse(R"({"a":2})"));
}

TEST_CASE("issue/free: a header of one's own, but never the algorithm none") {
    Issuing it;
    const std::string key = it.directory / "key.pem", rsa = it.directory / "rsa.pem";
    it.must({"keygen", "--out", key});
    it.must({"keygen", "--out", rsa, "--alg", "RS256"});
    const std::string token = lines_of(it.must({"issue", "--key", key, "--type", "", "--kid", "../../etc/passwd",
                                                "--header", "jku=https://evil.example", "--header", "crit:=[\"x\"]"}))
                                  .at(0);
    CHECK(header_of(token) ==
          Json::parse(R"({"alg":"ES256","kid":"../../etc/passwd","jku":"https://evil.example","crit":["x"]})"));
    CHECK(header_of(lines_of(it.must({"issue", "--key", rsa, "--alg", "PS384"})).at(0))["alg"] == "PS384");
    for (const char* none : {"none", "None", "NONE", "nOnE"}) {
        const Outcome outcome = it.world.run({"issue", "--key", key, "--alg", none});
        CHECK(outcome.status == 2);
        CHECK(outcome.out.empty());
    }
    CHECK(it.world.run({"issue", "--key", key, "--alg", "RS256"}).status == 2);
    CHECK(it.world.run({"issue", "--key", key, "--header", "alg=none"}).status == 2);
}

TEST_CASE("issue/free: public keys, key files as secrets, short secrets and open files sign nothing") {
    Issuing it;
    const std::string key = it.directory / "key.pem", pub = it.directory / "pub.pem", open = it.directory / "open.pem";
    it.must({"keygen", "--out", key});
    it.must({"keygen", "--from", key, "--public", "--out", pub});
    CHECK(it.world.run({"issue", "--key", pub}).err.find("private half") != std::string::npos);
    it.world.variables["PUBLIC"] = read_text(pub);
    CHECK(it.world.run({"issue", "--secret", "env:PUBLIC"}).status == 3);
    it.world.variables["SHORT"] = "short";
    CHECK(it.world.run({"issue", "--secret", "env:SHORT"}).err.find("RFC 7518") != std::string::npos);
    CHECK(it.world.run({"issue", "--secret", "a secret in words"}).status == 2);
    write_text(open, read_text(key));
    chmod(open.c_str(), 0644);
    CHECK(it.world.run({"issue", "--key", open}).err.find("chmod 600") != std::string::npos);
    CHECK(it.world.run({"issue", "--key", it.directory.path()}).status == 3);
    CHECK(it.world.run({"issue", "--key", it.directory / "nowhere"}).status == 3);
}
