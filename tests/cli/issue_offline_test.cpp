#include <doctest/doctest.h>

#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/keyfile.h"
#include "tests/support/issuing.h"

using namespace jwtdomain;
using namespace jwtdomain::test;
using Json = nlohmann::ordered_json;

TEST_CASE("issue/offline: a request that was signed elsewhere becomes the token") {
    for (const char* algorithm : {"ES256", "EdDSA", "PS256"}) {
        CAPTURE(algorithm);
        Issuing it("algorithms: [ES256, EdDSA, PS256]\nissue: {scopes: any}\n");
        it.must({"keygen", "--domain", "prod", "--alg", algorithm});
        it.world.time += 7230; // from then on it signs
        const std::string request = it.directory / "request.json", signature = it.directory / "signature";
        it.must(it.line({"--scope", "x", "--request", "--output", request}));
        const Json asked = Json::parse(read_text(request));
        CHECK(asked["header"]["alg"] == algorithm);

        const auto text = read_text(it.key_store() + "/" + asked["kid"].get<std::string>() + ".jwk");
        const auto jwk = parse_private_jwk(text);
        auto signer = Signer::make(std::get<PrivateKey>(jwk->key), *algorithm_on_key(algorithm, type_of(jwk->key)));
        const std::string raw = signer->sign(asked["signing_input"].get<std::string>()).value();
        for (const std::string& form : {raw, base64url_encode(raw), base64_encode(raw) + "\n"}) {
            write_text(signature, form);
            const Outcome attached = it.world.run({"issue", "--attach", request, "--signature", signature});
            REQUIRE_MESSAGE(attached.status == 0, attached.err);
            CHECK(it.verify("prod", lines_of(attached.out).at(0)) == 0);
        }
        std::string wrong = raw;
        wrong[5] = static_cast<char>(wrong[5] ^ 1);
        write_text(signature, wrong);
        const Outcome refused = it.world.run({"issue", "--attach", request, "--signature", signature});
        CHECK(refused.status == 3);
        CHECK(refused.out.empty());
        CHECK(it.world.run_with_input(raw, {"issue", "--attach", request, "--signature", "-"}).status == 0);

        it.world.time += 3600;
        write_text(signature, raw);
        CHECK(it.world.run({"issue", "--attach", request, "--signature", signature}).err.find("expired") !=
              std::string::npos);
    }
}

TEST_CASE("issue/offline: what was not asked for here is not attached") {
    Issuing it;
    const std::string request = it.directory / "request.json", signature = it.directory / "signature";
    write_text(signature, "c2ln");
    for (const char* text : {"", "{}", "[]", R"({"domain":"prod"})", R"({"domain":"prod","signing_input":"a.b"})",
                             R"({"domain":"nowhere","signing_input":"a.b"})"}) {
        write_text(request, text);
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
    write_text(request, asked.dump());
    const auto jwk = parse_private_jwk(read_text(it.key_store() + "/" + asked["kid"].get<std::string>() + ".jwk"));
    write_text(signature, Signer::make(std::get<PrivateKey>(jwk->key), Algorithm::ES256)->sign(input).value());
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
    const Outcome many = it.world.run_with_input(
        "{}\n{}\n", it.line({"--input", "jsonl", "--signer", "cmd:openssl dgst -sha256 -sign '" + pem + "'"}));
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
