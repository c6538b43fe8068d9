#include <doctest/doctest.h>

#include <sys/stat.h>

#include "tests/support/golden.h"
#include "tests/support/issuing.h"

using namespace jwtdomain;
using namespace jwtdomain::test;
using Json = nlohmann::ordered_json;

TEST_CASE("issue/domain: the token stands alone on a line, is accepted at home and refused next door") {
    Issuing it;
    const Outcome outcome = it.issue({"--scope", "orders:read", "--scope", "orders:write", "--claim", "role=reader",
                                      "--claim", "level:=3", "--client", "web", "--ttl", "2m"});
    REQUIRE_MESSAGE(outcome.status == 0, outcome.err);
    CHECK(outcome.err.empty());
    REQUIRE(lines_of(outcome.out).size() == 1);
    const std::string token = lines_of(outcome.out).front();
    CHECK(it.verify("prod", token) == 0);
    CHECK(it.verify("staging", token) == 1);

    const Json claims = claims_of(token);
    CHECK(claims["iss"] == "https://auth.prod.example.com");
    CHECK(claims["sub"] == "alice");
    CHECK(claims["aud"] == "https://api.prod.example.com");
    CHECK(claims["domain"] == "prod");
    CHECK(claims["client_id"] == "web");
    CHECK(claims["scope"] == "orders:read orders:write");
    CHECK(claims["iat"] == 1'700'000'000);
    CHECK(claims["exp"] == 1'700'000'120);
    CHECK(claims["role"] == "reader");
    CHECK(claims["level"] == 3);
    CHECK(claims["jti"].get<std::string>().size() == 22);
    const Json header = header_of(token);
    CHECK(header["alg"] == "ES256");
    CHECK(header["typ"] == "at+jwt");
    CHECK(header["kid"] == Json::parse(read_text(it.policy_file("jwks/prod.json")))["keys"][0]["kid"]);
    CHECK(header.size() == 3);
}

TEST_CASE("issue/domain: tokens of every algorithm are accepted by their domain, and by it alone") {
    for (const char* algorithm : {"ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", "Ed448", "RS256", "RS384",
                                  "RS512", "PS256", "PS384", "PS512"}) {
        CAPTURE(algorithm);
        TwoDomains two;
        for (const char* domain : {"staging", "prod"}) {
            two.put_domain(
                domain, "algorithms: [EdDSA, ES256, ES384, ES512, ES256K, RS256, RS384, RS512, PS256, PS384, PS512]\n");
            two.must({"keygen", "--domain", domain, "--alg", algorithm});
        }
        const std::string token = lines_of(two.must({"issue", "--domain", "prod", "--subject", "alice"})).at(0);
        CHECK(header_of(token)["alg"] == algorithm);
        CHECK(two.world.run({"verify", "--domain", "prod", token}).status == 0);
        CHECK(two.world.run({"verify", "--domain", "staging", token}).status == 1);
    }
}

TEST_CASE("issue/domain: what the policy fixes cannot be overridden, and the error says what to use") {
    Issuing it("");
    for (const auto& [name, says] : std::vector<std::pair<std::string, std::string>>{{"iss", "issuer"},
                                                                                     {"aud", "--audience"},
                                                                                     {"sub", "--subject"},
                                                                                     {"exp", "--ttl"},
                                                                                     {"nbf", "--not-before"},
                                                                                     {"iat", "--time"},
                                                                                     {"jti", "random"},
                                                                                     {"client_id", "--client"},
                                                                                     {"scope", "--scope"},
                                                                                     {"domain", "prod"}}) {
        it.refused({"--claim", name + "=x"}, says);
        it.refused({"--claim", name + ":=1"}, says);
    }
    it.refused({"--header", "alg=none"}, "alg");
    it.refused({"--header", "kid=other"}, "--kid");
    it.refused({"--header", "typ=JWT"}, "policy");
    for (const char* name : {"crit", "b64", "jku", "jwk", "x5u", "x5c", "zip", "enc"})
        it.refused({"--header", std::string(name) + "=x"}, name);
    it.refused({"--issuer", "https://evil.example"}, "fixed by the policy of prod");
    it.refused({"--iss", "https://evil.example"}, "fixed by the policy of prod");
    it.refused({"--type", "JWT"}, "fixed by the policy of prod");
    it.refused({"--claims", "{}"}, "--claim");
    it.refused({"--alg", "HS256"}, "--kid");
    it.refused({"--secret", "env:HOME"}, "not with a secret");
}

TEST_CASE("issue/profile: what is outside of the profile is refused with what is allowed") {
    Issuing it;
    it.refused({"--audience", "https://api.staging.example.com"}, "allowed: https://api.prod.example.com");
    it.refused({"--aud", "https://api.prod.example.com/"}, "did you mean https://api.prod.example.com?");
    it.refused({"--scope", "orders:reed"}, "did you mean orders:read?");
    it.refused({"--scope", "orders:read admin"}, "allowed: orders:read, orders:write");
    it.refused({"--ttl", "11m"}, "at most --ttl 10m");
    it.refused({"--ttl", "0"}, "no time");
    it.refused({"--claim", "role=admin"}, "allowed: reader, writer");
    it.refused({"--claim", "role:=[\"reader\",\"admin\"]"}, "allowed: reader, writer");
    it.refused({"--claim", "role:={\"a\":1}"}, "allowed: reader, writer");
    it.refused({"--claim", "role:=[]"}, "allowed: reader, writer");
    it.refused({"--claim", "rolle=reader"}, "did you mean role?");
    it.refused({"--client", "wep"}, "did you mean web?");
    it.refused({"--client", "gone"}, "disabled");
    it.refused({"--client", "ci", "--scope", "orders:write"}, "client");
    CHECK(it.verify("prod", it.token({"--claim", "role:=[\"reader\",\"writer\"]"})) == 0);
}

TEST_CASE("issue/profile: a shorter life of the profile counts") {
    Issuing it("lifetime: 30m\nissue: {lifetime: 5m}\n");
    CHECK(claims_of(it.token())["exp"] == 1'700'000'300);
    it.refused({"--ttl", "6m"}, "5m");
}

TEST_CASE("issue/input: claims and spans that cannot be meant are refused") {
    Issuing it("");
    it.refused({"--claim", "role"}, "NAME=TEXT");
    it.refused({"--claim", "=x"}, "name is missing");
    it.refused({"--claim", "a=1", "--claim", "a=2"}, "twice");
    it.refused({"--claim", "a:={\"x\":1,\"x\":2}"}, "strict JSON");
    it.refused({"--claim", "a:=nul"}, "a=TEXT");
    it.refused({"--claim", "a=\xff"}, "UTF-8");
    it.refused({"--ttl", "soon"}, "soon");
    it.refused({"--scope", "a\"b"}, "scope");
    it.refused({"--scope", ""}, "empty");
    it.refused({"--not-before", "tomorrow"}, "tomorrow");
    std::string deep(40, '[');
    it.refused({"--claim", "a:=" + deep + std::string(40, ']')}, "JSON");
    CHECK(claims_of(it.token({"--claim", "https://example.com/role=a=b"}))["https://example.com/role"] == "a=b");
    CHECK(claims_of(it.token({"--claim", "n:=null", "--claim", "s= \"\\\n"}))["s"] == " \"\\\n");
    CHECK(it.world.run({"issue", "--domain", "prod"}).err.find("--subject") != std::string::npos);
    CHECK(it.world.run({"issue", "--domain", "prod", "--subject", ""}).status == 2);
    CHECK(it.world.run({"issue", "--subject", "alice"}).err.find("--domain") != std::string::npos);
}

TEST_CASE("issue/audience: one is taken by itself, several must be named, and home and abroad do not mix") {
    Issuing it("");
    it.put("domains/prod.yaml", "domain: prod\nissuer: https://auth.prod.example.com\naudiences: [api, "
                                "admin]\nneutral_audiences: [account]\njwks: jwks/prod.json\n"
                                "issue: {audiences: [api, admin, account, deploy]}\n");
    it.refused({}, "api, admin");
    CHECK(claims_of(it.token({"--audience", "admin"}))["aud"] == "admin");
    const std::string both = it.token({"--audience", "api", "--audience", "admin", "--audience", "account"});
    CHECK(claims_of(both)["aud"] == Json::parse(R"(["api","admin","account"])"));
    CHECK(it.verify("prod", both) == 0);
    it.refused({"--audience", "api", "--audience", "deploy"}, "neither");
    it.refused({"--audience", "account"}, "neutral");
    it.refused({"--audience", "api", "--audience", "api"}, "twice");
    const Outcome abroad = it.issue({"--audience", "deploy"});
    CHECK(abroad.status == 0);
    CHECK(abroad.err.find("prod itself does not accept") != std::string::npos);
    CHECK(it.verify("prod", lines_of(abroad.out).at(0)) == 1);
}

TEST_CASE("issue/time: --not-before begins the token later, within the life that the domain allows") {
    Issuing it;
    const std::string token = it.token({"--not-before", "+5m"});
    CHECK(claims_of(token)["nbf"] == 1'700'000'300);
    CHECK(claims_of(token)["exp"] == 1'700'000'600);
    CHECK(it.verify("prod", token) == 1);
    it.world.time += 300;
    CHECK(it.verify("prod", token) == 0);
    it.refused({"--not-before", "+10m"}, "mint it later");
    CHECK(claims_of(it.token({"--not-before", "2023-11-14T22:13:00Z"}))["nbf"] == 1'699'999'980);
}

TEST_CASE("issue/claims: nested claim paths, fixed values and required claims follow the policy") {
    Issuing it("claims: {domain: /ctx/zone, scope: /ctx/scp}\nmatch: {tenant: acme}\nrequired: [iss, aud, exp, iat, "
               "sub, jti, email]\n");
    it.refused({}, "--claim email=");
    const std::string token = it.token({"--claim", "email=a@example.com", "--scope", "read"});
    CHECK(claims_of(token)["ctx"] == Json::parse(R"({"zone":"prod","scp":"read"})"));
    CHECK(claims_of(token)["tenant"] == "acme");
    CHECK(it.verify("prod", token) == 0);
    it.refused({"--claim", "email=x", "--claim", "ctx:={}"}, "fixed");
    it.refused({"--claim", "email=x", "--claim", "tenant=other"}, "does not match");
}

TEST_CASE("issue/claims: a domain with a sender constraint gets no token without it") {
    Issuing it("sender_constraint: dpop\n");
    it.refused({}, "cnf");
    CHECK(it.verify("prod", it.token({"--claim", R"(cnf:={"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"})"})) ==
          0);
}

TEST_CASE("issue/key: no key, a key elsewhere, a key that others may read: each says what to do") {
    TwoDomains two;
    const std::vector<std::string> line{"issue", "--domain", "prod", "--subject", "a"};
    Outcome outcome = two.world.run(line);
    CHECK(outcome.status == 3);
    CHECK(outcome.err.find("jwtdomain keygen --domain prod") != std::string::npos);

    two.must({"keygen", "--domain", "prod"});
    two.world.variables["XDG_STATE_HOME"] = two.directory / "other";
    outcome = two.world.run(line);
    CHECK(outcome.status == 3);
    CHECK(outcome.err.find("not in the key store") != std::string::npos);

    two.world.variables["XDG_STATE_HOME"] = two.directory / "state";
    const std::string kid = Json::parse(read_text(two.policy_file("jwks/prod.json")))["keys"][0]["kid"];
    const std::string file = two.key_store() + "/" + kid + ".jwk";
    chmod(file.c_str(), 0644);
    outcome = two.world.run(line);
    CHECK(outcome.status == 3);
    CHECK(outcome.err.find("chmod 600") != std::string::npos);

    chmod(file.c_str(), 0600);
    write_text(file, two.must({"keygen", "--out", "-", "--format", "jwk"}));
    CHECK(two.world.run(line).err.find("not the one that its name says") != std::string::npos);
    write_text(file, "{");
    CHECK(two.world.run(line).status == 3);
}

TEST_CASE("issue/key: the newest active key signs; one that begins later or has ended does not") {
    TwoDomains two;
    two.must({"keygen", "--domain", "prod"});
    two.world.time += 10;
    two.must({"keygen", "--domain", "prod"});
    const auto change = [&](const char* name, std::int64_t first, std::int64_t second) {
        Json set = Json::parse(read_text(two.policy_file("jwks/prod.json")));
        set["keys"][0][name] = first;
        set["keys"][1][name] = second;
        two.put("jwks/prod.json", set.dump());
    };
    const Json keys = Json::parse(read_text(two.policy_file("jwks/prod.json")))["keys"];
    const std::vector<std::string> line{"issue", "--domain", "prod", "--subject", "a"};
    const auto kid = [&](std::vector<std::string> more = {}) {
        std::vector<std::string> all = line;
        all.insert(all.end(), more.begin(), more.end());
        return header_of(lines_of(two.must(all)).at(0))["kid"];
    };
    CHECK(kid() == keys[0]["kid"]); // copies of the set may be without the second for two hours
    two.world.time = 1'700'000'010 + 7230;
    CHECK(kid() == keys[1]["kid"]);
    CHECK(kid({"--kid", keys[0]["kid"]}) == keys[0]["kid"]);
    CHECK(two.world.run({"issue", "--domain", "prod", "--subject", "a", "--kid", "nobody"}).status == 2);

    two.world.time = 1'700'000'010;
    change("nbf", 1'600'000'000, 1'700'000'600);
    CHECK(kid() == keys[0]["kid"]);
    change("nbf", 1'700'000'500, 1'700'000'600);
    Outcome outcome = two.world.run(line);
    CHECK(outcome.status == 5);
    CHECK(outcome.err.find("2023-11-14T22:21:40Z") != std::string::npos);
    change("exp", 1'650'000'000, 1'650'000'000);
    outcome = two.world.run(line);
    CHECK(outcome.status == 3);
    CHECK(outcome.err.find("expired") != std::string::npos);
}

TEST_CASE("issue/key: --key signs for a domain if the domain publishes its public half, and else not") {
    Issuing it;
    const std::string kid = Json::parse(read_text(it.policy_file("jwks/prod.json")))["keys"][0]["kid"];
    const std::string pem = it.directory / "ci.pem", other = it.directory / "other.pem";
    it.must({"keygen", "--from", it.key_store() + "/" + kid + ".jwk", "--out", pem});
    it.must({"keygen", "--out", other});
    it.world.variables["XDG_STATE_HOME"] = it.directory / "empty";
    CHECK(it.verify("prod", it.token({"--key", pem})) == 0);
    it.refused({"--key", other}, "is not in", 3);
    chmod(pem.c_str(), 0644);
    it.refused({"--key", pem}, "chmod 600", 3);
}

TEST_CASE("issue/domain: a foreign issuer, an unknown domain, a URL and a missing policy are told apart") {
    Issuing it;
    it.put_domain("prod", "foreign: true\n");
    it.refused({}, "somebody else's", 3);
    CHECK(it.world.run({"issue", "--domain", "stagin", "--subject", "a"}).err.find("staging") != std::string::npos);
    CHECK(it.world.run({"issue", "--domain", "https://auth.staging.example.com", "--subject", "a"})
              .err.find("--domain staging") != std::string::npos);
    CHECK(run_alone({"issue", "--domain", "prod", "--subject", "a"}).err.find("jwtdomain init") != std::string::npos);
    it.put("policy.yaml", "version: 1\nverison: 2\n");
    CHECK(it.world.run({"issue", "--domain", "staging", "--subject", "a"}).status == 3);
}

TEST_CASE("issue/output: a token goes into a private file, and a failure to write is an error") {
    Issuing it;
    const std::string file = it.directory / "token";
    CHECK(it.issue({"--output", file}).out.empty());
    struct stat info {};
    REQUIRE(stat(file.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    std::string token = read_text(file);
    token.pop_back();
    CHECK(it.verify("prod", token) == 0);
    it.world.write_fails =
        Error{.fault = Fault::unreadable, .message = "cannot write to standard output: No space left on device"};
    CHECK(it.issue().status == 3);
    CHECK(it.issue({"--count", "3"}).status == 3);
}

TEST_CASE("issue/json: the report is as it was frozen") {
    Issuing it;
    const std::string json = it.must(it.line({"--scope", "orders:read", "--format", "json"}));
    const Json report = Json::parse(json);
    std::string text = replaced(json, report["kid"], "KID");
    text = replaced(text, report["claims"]["jti"], "JTI");
    text = replaced(text, report["token"], "TOKEN");
    check_golden("issue/domain.json", text);
    CHECK(it.verify("prod", report["token"]) == 0);

    const std::string request = it.must(it.line({"--request"}));
    const Json asked = Json::parse(request);
    text = replaced(request, asked["kid"], "KID");
    text = replaced(text, asked["claims"]["jti"], "JTI");
    check_golden("issue/request.json", replaced(text, asked["signing_input"], "SIGNING_INPUT"));
}
