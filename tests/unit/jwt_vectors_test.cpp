// The examples of the RFCs: tests/data/vectors.
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "jwtdomain/accept/engine.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/inspect.h"
#include "jwtdomain/jwt/jwk.h"

using namespace jwtdomain;

namespace {

nlohmann::json vectors(const std::string& name) {
    std::ifstream file(std::string(TEST_DATA) + "/vectors/" + name);
    REQUIRE(file);
    return nlohmann::json::parse(file);
}

std::string decode(const nlohmann::json& text) {
    std::string out;
    REQUIRE(base64url_decode(text.get<std::string>(), out) == Base64Defect::none);
    return out;
}

SignatureVerifier verifier_of(const SigningKey& key, Algorithm algorithm) {
    return std::visit([&](const auto& half) { return SignatureVerifier::make(half, algorithm).value(); },
                      verification_half(key));
}

Signer signer_of(const SigningKey& key, Algorithm algorithm) {
    return std::visit([&](const auto& secret) { return Signer::make(secret, algorithm).value(); }, key);
}

} // namespace

TEST_CASE("jwt/vectors: the signatures of RFC 7515, 7520 and 8037 verify, and their keys sign") {
    const nlohmann::json all = vectors("jws.json");
    REQUIRE(all.size() == 9);
    for (const nlohmann::json& vector : all) {
        CAPTURE(vector["source"].get<std::string>());
        const PrivateJwk jwk = parse_private_jwk(vector["key"].dump()).value();
        const Algorithm algorithm = algorithm_on_key(vector["alg"].get<std::string>(), type_of(jwk.key)).value();
        const std::string input = vector["input"].get<std::string>();
        const std::string signature = decode(vector["signature"]);
        SignatureVerifier verify = verifier_of(jwk.key, algorithm);
        CHECK(verify.verify(input, signature));
        CHECK_FALSE(verify.verify(input + "A", signature));

        const std::string ours = signer_of(jwk.key, algorithm).sign(input).value();
        CHECK(verify.verify(input, ours));
        if (vector["deterministic"].get<bool>()) CHECK(ours == signature);
    }
}

TEST_CASE("jwt/vectors: the key sets of RFC 7517 appendix A load") {
    const nlohmann::json all = vectors("jwk.json");
    const JwkSet set = parse_jwks(all["RFC 7517 appendix A.1"].dump()).value();
    REQUIRE(set.keys.size() == 1); // the other one is for encryption
    CHECK(set.keys[0].metadata.kid == "2011-04-29");
    CHECK(std::get<PublicKey>(set.keys[0].key).bits() == 2048);
    REQUIRE(set.skipped.size() == 1);
    CHECK(set.skipped[0].kid == "1");
    CHECK_FALSE(set.skipped[0].defective);

    const PrivateJwkSet secrets = parse_private_jwks(all["RFC 7517 appendix A.2"].dump()).value();
    REQUIRE(secrets.keys.size() == 1);
    CHECK(thumbprint_of(secrets.keys[0].key) == std::get<PublicKey>(set.keys[0].key).thumbprint());
    const PrivateJwk ec = parse_private_jwk(all["RFC 7517 appendix A.2"]["keys"][0].dump()).value();
    CHECK(thumbprint_of(ec.key) == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
    const JwkSet exposed = parse_jwks(all["RFC 7517 appendix A.2"].dump()).value();
    REQUIRE(exposed.keys.size() == 1);
    CHECK(exposed.keys[0].had_private_members);

    const JwkSet symmetric = parse_jwks(all["RFC 7517 appendix A.3"].dump()).value();
    REQUIRE(symmetric.keys.size() == 1);
    CHECK(type_of(symmetric.keys[0].key) == KeyType::hmac);
    REQUIRE(symmetric.skipped.size() == 1); // for A128KW
    CHECK_FALSE(symmetric.skipped[0].defective);
}

TEST_CASE("jwt/vectors: the certificate of RFC 7517 appendix B holds the key beside it") {
    const nlohmann::json vector = vectors("jwk.json")["RFC 7517 appendix B"];
    const Jwk jwk = parse_jwk(vector.dump()).value();
    CHECK(jwk.x5c_key == X5cKey::same);
    CHECK(jwk.x5c.size() == 1);
    CHECK(jwk.x5c_identity == identity_of(jwk.key));

    nlohmann::json swapped = vector;
    swapped["n"] = vectors("jwk.json")["RFC 7517 appendix A.1"]["keys"][1]["n"];
    const Jwk other = parse_jwk(swapped.dump()).value();
    CHECK(other.x5c_key == X5cKey::different);
    CHECK(other.x5c_identity == identity_of(jwk.key));
    for (const char* broken : {R"("x")", "[]", R"([1])", R"(["!"])", R"(["MIID"])"}) {
        nlohmann::json bad = vector;
        bad["x5c"] = nlohmann::json::parse(broken);
        CHECK(parse_jwk(bad.dump()).value().x5c_key == X5cKey::unreadable);
    }
}

TEST_CASE("jwt/vectors: the thumbprints of RFC 7638 section 3.1 and RFC 8037 appendix A.3") {
    const nlohmann::json all = vectors("jwk.json");
    for (const char* source : {"RFC 7638 section 3.1", "RFC 8037 appendix A.2 and A.3"}) {
        const Jwk jwk = parse_jwk(all[source]["key"].dump()).value();
        CHECK(std::get<PublicKey>(jwk.key).thumbprint() == all[source]["thumbprint"].get<std::string>());
    }
    const PrivateJwk pair = parse_private_jwk(all["RFC 8037 appendix A.1"].dump()).value();
    CHECK(thumbprint_of(pair.key) == all["RFC 8037 appendix A.2 and A.3"]["thumbprint"].get<std::string>());
}

TEST_CASE("jwt/vectors: the token of RFC 7519 section 3.1 is accepted until it expires, the unsecured one never") {
    const nlohmann::json all = vectors("jwt.json");
    const nlohmann::json& vector = all["RFC 7519 section 3.1"];
    accept::Path path;
    path.signing.algorithms = {Algorithm::HS256};
    path.signing.kid = accept::KidRule::ignored;
    path.signing.keys.push_back({.key = verification_half(parse_private_jwk(vector["key"].dump()).value().key),
                                 .algorithms = {Algorithm::HS256},
                                 .kid = {},
                                 .owner = {}});
    path.type.any = true;
    path.issuer.allowed.exact = {"joe"};
    path.audience.any = true;
    accept::PathEngine engine(path);
    const auto judged = [&](const std::string& text, Time now) {
        UnverifiedToken token;
        token.parse(text, engine.reading());
        const accept::Outcome outcome = engine.evaluate(token, {.now = now});
        std::string codes = outcome.verified ? "accepted" : "";
        for (const Finding& finding : outcome.findings) codes += std::string(info(finding.reason).code) + " ";
        return codes;
    };
    CHECK(judged(vector["token"].get<std::string>(), 1300819379) == "accepted");
    CHECK(judged(vector["token"].get<std::string>(), 1300819381) == "expired ");
    const std::string unsecured = judged(all["RFC 7519 section 6.1"]["token"].get<std::string>(), 1300819379);
    CHECK(unsecured.find("alg-none ") != std::string::npos);
}

TEST_CASE("jwt/vectors: the encrypted tokens of RFC 7519 appendix A can be looked at, as far as anybody can") {
    const nlohmann::json all = vectors("jwt.json");
    for (const char* source : {"RFC 7519 appendix A.1", "RFC 7519 appendix A.2"}) {
        CAPTURE(source);
        const std::string text = all[source]["token"].get<std::string>();
        const inspect::Token token = inspect::inspect_compact(text, {.now = 1300819379});
        CHECK(token.form == inspect::Form::jwe);
        CHECK(token.payload == inspect::Payload::encrypted);
        CHECK(token.key.algorithm == "RSA1_5");
        CHECK(token.header.whole);
        CHECK_FALSE(token.claims.present);
        UnverifiedToken strict;
        CHECK_FALSE(strict.parse(text));
    }
}
