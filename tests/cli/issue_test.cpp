#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <sys/stat.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/keyfile.h"
#include "jwtdomain/jwt/token.h"
#include "tests/support/golden.h"
#include "tests/support/two_domains.h"

using namespace jwtdomain;
using test::Outcome;
using test::read_text;
using test::TwoDomains;
using Json = nlohmann::ordered_json;

namespace {

const std::string kProfile = R"(issue:
  scopes: [orders:read, orders:write]
  claims: {role: [reader, writer], level: any}
  other_claims: false
clients:
  web: {type: public}
  ci: {type: confidential, scopes: [orders:read]}
  gone: {type: public, disabled: true}
)";

struct Issuing : TwoDomains {
    explicit Issuing(const std::string& prod = kProfile) {
        put_domain("prod", prod);
        make_keys();
    }
    std::vector<std::string> line(const std::vector<std::string>& more) const {
        std::vector<std::string> out{"issue", "--domain", "prod", "--subject", "alice"};
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }
    Outcome issue(const std::vector<std::string>& more = {}) { return world.run(line(more)); }
    std::string token(const std::vector<std::string>& more = {}) {
        std::string text = must(line(more));
        REQUIRE(text.back() == '\n');
        text.pop_back();
        return text;
    }
    int verify(const std::string& domain, const std::string& token) { return world.run({"verify", "--domain", domain, token}).status; }
    // An error that says what is allowed, and no token.
    void refused(const std::vector<std::string>& more, const std::string& says, int status = 2) {
        const Outcome outcome = issue(more);
        CAPTURE(outcome.err);
        CHECK(outcome.status == status);
        CHECK(outcome.out.empty());
        CHECK(outcome.err.find(says) != std::string::npos);
    }
};

Json part(const std::string& token, std::size_t index) {
    std::istringstream parts(token);
    std::string text, octets;
    for (std::size_t i = 0; i <= index; ++i) std::getline(parts, text, '.');
    REQUIRE(base64url_decode(text, octets) == Base64Defect::none);
    return Json::parse(octets);
}
Json header_of(const std::string& token) { return part(token, 0); }
Json claims_of(const std::string& token) { return part(token, 1); }

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string each; std::getline(in, each);) out.push_back(each);
    return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
    return text;
}

} // namespace

TEST_CASE("issue/domain: the token stands alone on a line, is accepted at home and refused next door") {
    Issuing it;
    const Outcome outcome = it.issue({"--scope", "orders:read", "--scope", "orders:write", "--claim", "role=reader", "--claim", "level:=3", "--client", "web", "--ttl", "2m"});
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
    for (const char* algorithm : {"ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", "Ed448", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}) {
        CAPTURE(algorithm);
        TwoDomains two;
        for (const char* domain : {"staging", "prod"}) {
            two.put_domain(domain, "algorithms: [EdDSA, ES256, ES384, ES512, ES256K, RS256, RS384, RS512, PS256, PS384, PS512]\n");
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
    for (const char* name : {"crit", "b64", "jku", "jwk", "x5u", "x5c", "zip", "enc"}) it.refused({"--header", std::string(name) + "=x"}, name);
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
    it.put("domains/prod.yaml", "domain: prod\nissuer: https://auth.prod.example.com\naudiences: [api, admin]\nneutral_audiences: [account]\njwks: jwks/prod.json\n"
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
    Issuing it("claims: {domain: /ctx/zone, scope: /ctx/scp}\nmatch: {tenant: acme}\nrequired: [iss, aud, exp, iat, sub, jti, email]\n");
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
    CHECK(it.verify("prod", it.token({"--claim", R"(cnf:={"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"})"})) == 0);
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
    test::write_text(file, two.must({"keygen", "--out", "-", "--format", "jwk"}));
    CHECK(two.world.run(line).err.find("not the one that its name says") != std::string::npos);
    test::write_text(file, "{");
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
    CHECK(kid() == keys[1]["kid"]);
    CHECK(kid({"--kid", keys[0]["kid"]}) == keys[0]["kid"]);
    CHECK(two.world.run({"issue", "--domain", "prod", "--subject", "a", "--kid", "nobody"}).status == 2);

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
    CHECK(it.world.run({"issue", "--domain", "https://auth.staging.example.com", "--subject", "a"}).err.find("--domain staging") != std::string::npos);
    CHECK(test::run_alone({"issue", "--domain", "prod", "--subject", "a"}).err.find("jwtdomain init") != std::string::npos);
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
    it.world.write_fails = Error{.fault = Fault::unreadable, .message = "cannot write to standard output: No space left on device"};
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
    test::check_golden("issue/domain.json", text);
    CHECK(it.verify("prod", report["token"]) == 0);

    const std::string request = it.must(it.line({"--request"}));
    const Json asked = Json::parse(request);
    text = replaced(request, asked["kid"], "KID");
    text = replaced(text, asked["claims"]["jti"], "JTI");
    test::check_golden("issue/request.json", replaced(text, asked["signing_input"], "SIGNING_INPUT"));
}

TEST_CASE("issue/offline: a request that was signed elsewhere becomes the token") {
    for (const char* algorithm : {"ES256", "EdDSA", "PS256"}) {
        CAPTURE(algorithm);
        Issuing it("algorithms: [ES256, EdDSA, PS256]\nissue: {scopes: any}\n");
        it.must({"keygen", "--domain", "prod", "--alg", algorithm});
        const std::string request = it.directory / "request.json", signature = it.directory / "signature";
        it.must(it.line({"--scope", "x", "--request", "--output", request}));
        const Json asked = Json::parse(read_text(request));
        CHECK(asked["header"]["alg"] == algorithm);

        const auto text = read_text(it.key_store() + "/" + asked["kid"].get<std::string>() + ".jwk");
        const auto jwk = parse_private_jwk(text);
        auto signer = Signer::make(std::get<PrivateKey>(jwk->key), *algorithm_on_key(algorithm, type_of(jwk->key)));
        const std::string raw = signer->sign(asked["signing_input"].get<std::string>()).value();
        for (const std::string& form : {raw, base64url_encode(raw), base64_encode(raw) + "\n"}) {
            test::write_text(signature, form);
            const Outcome attached = it.world.run({"issue", "--attach", request, "--signature", signature});
            REQUIRE_MESSAGE(attached.status == 0, attached.err);
            CHECK(it.verify("prod", lines_of(attached.out).at(0)) == 0);
        }
        std::string wrong = raw;
        wrong[5] = static_cast<char>(wrong[5] ^ 1);
        test::write_text(signature, wrong);
        const Outcome refused = it.world.run({"issue", "--attach", request, "--signature", signature});
        CHECK(refused.status == 3);
        CHECK(refused.out.empty());
        CHECK(it.world.run_with_input(raw, {"issue", "--attach", request, "--signature", "-"}).status == 0);

        it.world.time += 3600;
        test::write_text(signature, raw);
        CHECK(it.world.run({"issue", "--attach", request, "--signature", signature}).err.find("expired") != std::string::npos);
    }
}

TEST_CASE("issue/offline: what was not asked for here is not attached") {
    Issuing it;
    const std::string request = it.directory / "request.json", signature = it.directory / "signature";
    test::write_text(signature, "c2ln");
    for (const char* text : {"", "{}", "[]", R"({"domain":"prod"})", R"({"domain":"prod","signing_input":"a.b"})", R"({"domain":"nowhere","signing_input":"a.b"})"}) {
        test::write_text(request, text);
        CHECK(it.world.run({"issue", "--attach", request, "--signature", signature}).status >= 3);
    }
    CHECK(it.world.run({"issue", "--attach", request}).status == 2);
    CHECK(it.world.run({"issue", "--attach", request, "--signature", signature, "--subject", "bob"}).status == 2);
}

TEST_CASE("issue/offline: a claim that the policy does not allow gets no token, even with a good signature") {
    Issuing it;
    const std::string request = it.directory / "request.json", signature = it.directory / "signature";
    Json asked = Json::parse(it.must(it.line({"--request"})));
    Json claims = asked["claims"];
    claims["aud"] = "https://api.staging.example.com";
    const std::string input = base64url_encode(asked["header"].dump()) + "." + base64url_encode(claims.dump());
    asked["signing_input"] = input;
    test::write_text(request, asked.dump());
    const auto jwk = parse_private_jwk(read_text(it.key_store() + "/" + asked["kid"].get<std::string>() + ".jwk"));
    test::write_text(signature, Signer::make(std::get<PrivateKey>(jwk->key), Algorithm::ES256)->sign(input).value());
    const Outcome outcome = it.world.run({"issue", "--attach", request, "--signature", signature});
    CHECK(outcome.status == 3);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find("aud-mismatch") != std::string::npos);
}

TEST_CASE("issue/signer: a program signs, without a shell, and is not believed") {
    Issuing it;
    const std::string kid = Json::parse(read_text(it.policy_file("jwks/prod.json")))["keys"][0]["kid"];
    const std::string pem = it.directory / "a key.pem";
    it.must({"keygen", "--from", it.key_store() + "/" + kid + ".jwk", "--out", pem});
    it.world.variables["XDG_STATE_HOME"] = it.directory / "empty";
    CHECK(it.verify("prod", it.token({"--signer", "cmd:openssl dgst -sha256 -sign '" + pem + "'"})) == 0); // DER
    const Outcome many = it.world.run_with_input("{}\n{}\n", it.line({"--input", "jsonl", "--signer", "cmd:openssl dgst -sha256 -sign '" + pem + "'"}));
    CHECK(many.status == 0);
    CHECK(lines_of(many.out).size() == 2);

    it.refused({"--signer", "cmd:head -c 64 /dev/zero"}, "is no signature of the key " + kid, 3);
    it.refused({"--signer", "cmd:true"}, "is no signature", 3);
    it.refused({"--signer", "cmd:false"}, "status 1", 3);
    it.refused({"--signer", "cmd:cat /dev/zero"}, "more than", 3);
    it.refused({"--signer", "cmd:/nonexistent/signer"}, "cannot be run", 3);
    it.refused({"--signer", "cmd:echo $(touch " + (it.directory / "pwned") + ")"}, "is no signature", 3);
    CHECK_FALSE(std::filesystem::exists(it.directory / "pwned"));
    it.refused({"--signer", "cmd:"}, "no program");
    it.refused({"--signer", "cmd:sign 'it"}, "quote");
    it.refused({"--signer", "openssl"}, "cmd:PROGRAM");
}

TEST_CASE("issue/count: many tokens of one request differ in jti and nothing else") {
    Issuing it;
    const std::vector<std::string> tokens = lines_of(it.must(it.line({"--count", "300"})));
    REQUIRE(tokens.size() == 300);
    std::set<std::string> ids;
    for (const std::string& token : tokens) ids.insert(claims_of(token)["jti"].get<std::string>());
    CHECK(ids.size() == 300);
    CHECK(it.verify("prod", tokens.back()) == 0);
    for (const char* wrong : {"0", "-1", "x", "1e3", "99999999999"}) CHECK(it.issue({"--count", wrong}).status == 2);
    CHECK(it.issue({"--count", "2", "--format", "json"}).status == 2);
}

TEST_CASE("issue/input: a token for each line, in order, whatever the number of threads") {
    Issuing it;
    std::string input;
    for (int i = 0; i < 500; ++i) input += "{\"subject\":\"user-" + std::to_string(i) + "\",\"scope\":[\"orders:read\"],\"ttl\":" + std::to_string(60 + i) + "}\n";
    for (const char* jobs : {"1", "4"}) {
        const Outcome outcome = it.world.run_with_input(input, {"issue", "--domain", "prod", "--input", "jsonl", "--jobs", jobs});
        REQUIRE_MESSAGE(outcome.status == 0, outcome.err);
        const std::vector<std::string> tokens = lines_of(outcome.out);
        REQUIRE(tokens.size() == 500);
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const Json claims = claims_of(tokens[i]);
            CHECK(claims["sub"] == "user-" + std::to_string(i));
            CHECK(claims["exp"] == 1'700'000'060 + static_cast<std::int64_t>(i));
        }
        CHECK(it.verify("prod", tokens[17]) == 0);
    }
}

TEST_CASE("issue/input: options are the defaults of lines; members of all kinds are read") {
    Issuing it;
    const Outcome outcome = it.world.run_with_input(
        "{}\n{\"sub\":\"bob\",\"aud\":[\"https://api.prod.example.com\"],\"client\":\"ci\",\"ttl\":\"1m\",\"not_before\":\"+30s\",\"claims\":{\"role\":\"writer\"}}\n",
        it.line({"--input", "jsonl", "--scope", "orders:read"}));
    REQUIRE_MESSAGE(outcome.status == 0, outcome.err);
    CHECK(claims_of(lines_of(outcome.out)[0])["sub"] == "alice");
    const Json claims = claims_of(lines_of(outcome.out)[1]);
    CHECK(claims["sub"] == "bob");
    CHECK(claims["scope"] == "orders:read");
    CHECK(claims["nbf"] == 1'700'000'030);
    CHECK(claims["exp"] == 1'700'000'060);
    CHECK(claims["role"] == "writer");
}

TEST_CASE("issue/input: a bad line gives an empty line in its place, and an error that names it") {
    Issuing it;
    const Outcome outcome =
        it.world.run_with_input("{}\nnot json\n{\"subjekt\":\"x\"}\n{\"ttl\":\"1d\"}\n{\"claims\":{\"iss\":\"x\"}}\n{\"sub\":1}\n\n[]\n{}\n", it.line({"--input", "jsonl"}));
    CHECK(outcome.status == 3);
    const std::vector<std::string> tokens = lines_of(outcome.out);
    REQUIRE(tokens.size() == 8); // the blank line of the input asks for nothing
    CHECK(it.verify("prod", tokens[0]) == 0);
    for (std::size_t i = 1; i < 7; ++i) CHECK(tokens[i].empty());
    CHECK(it.verify("prod", tokens[7]) == 0);
    CHECK(outcome.err.find("line 2: not strict JSON") != std::string::npos);
    CHECK(outcome.err.find("did you mean \"subject\"?") != std::string::npos);
    CHECK(outcome.err.find("line 4: a life of 1d") != std::string::npos);
    CHECK(outcome.err.find("line 5:") != std::string::npos);
    CHECK(it.world.run_with_input("", it.line({"--input", "jsonl"})).status == 4);
    CHECK(it.world.run_with_input(std::string("\0\xff\n", 3), it.line({"--input", "jsonl"})).status == 3);
    CHECK(it.issue({"--input", "csv"}).status == 2);
    it.world.stop = 2;
    CHECK(it.world.run_with_input("{}\n", it.line({"--input", "jsonl"})).status == 130);
}

TEST_CASE("issue/free: a key or a secret makes tokens of no policy, and verify takes them by the same") {
    Issuing it;
    const std::string key = it.directory / "key.pem";
    it.must({"keygen", "--out", key, "--alg", "EdDSA"});
    it.world.variables["SECRET"] = "a secret that has the length that HS256 wants";
    for (const std::vector<std::string>& by : {std::vector<std::string>{"--key", key}, {"--secret", "env:SECRET"}}) {
        const std::string token = lines_of(it.must({"issue", by[0], by[1], "--iss", "me", "--aud", "you", "--sub", "x", "--claim", "n:=1"})).at(0);
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
    test::write_text(it.directory / "claims.json", "{\"x\":[1]}\n");
    CHECK(payload({"--claims", "@" + (it.directory / "claims.json")}) == R"({"x":[1]})");
    CHECK(it.world.run({"issue", "--key", key, "--claims", "[1]"}).status == 2);
    CHECK(it.world.run({"issue", "--key", key, "--claims", "{\"sub\":1}", "--subject", "x"}).status == 2);
    CHECK(it.world.run({"issue", "--key", key, "--subject", "x", "--claim", "sub=y"}).status == 2);
    const Outcome lines = it.world.run_with_input("{\"a\":1}\n{\"a\":2}\n", {"issue", "--key", key, "--input", "jsonl"});
    CHECK(claims_of(lines_of(lines.out).at(1)) == Json::parse(R"({"a":2})"));
}

TEST_CASE("issue/free: a header of one's own, but never the algorithm none") {
    Issuing it;
    const std::string key = it.directory / "key.pem", rsa = it.directory / "rsa.pem";
    it.must({"keygen", "--out", key});
    it.must({"keygen", "--out", rsa, "--alg", "RS256"});
    const std::string token = lines_of(it.must({"issue", "--key", key, "--type", "", "--kid", "../../etc/passwd", "--header", "jku=https://evil.example", "--header", "crit:=[\"x\"]"})).at(0);
    CHECK(header_of(token) == Json::parse(R"({"alg":"ES256","kid":"../../etc/passwd","jku":"https://evil.example","crit":["x"]})"));
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
    test::write_text(open, read_text(key));
    chmod(open.c_str(), 0644);
    CHECK(it.world.run({"issue", "--key", open}).err.find("chmod 600") != std::string::npos);
    CHECK(it.world.run({"issue", "--key", it.directory.path()}).status == 3);
    CHECK(it.world.run({"issue", "--key", it.directory / "nowhere"}).status == 3);
}
