// What tokens show beside each other. Nonces are forced (support/forced_nonce.h).
#include <doctest/doctest.h>

#include "../support/forced_nonce.h"
#include "../support/mint.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/scan/cross.h"

using namespace jwtdomain;
using test::nonce_of;

namespace {

std::string token_with(const PrivateKey& key, Algorithm algorithm, const std::string& claims, const SecretBytes& nonce,
                       bool other_form = false) {
    const std::string header = R"({"alg":")" + std::string(info(algorithm).name) + R"("})";
    return test::sign_with_nonce(key, algorithm, header, claims, nonce, other_form);
}

} // namespace

TEST_CASE("scan/cross: one nonce twice gives the private key away, on every curve, and in either form of s") {
    for (const Algorithm algorithm : {Algorithm::ES256, Algorithm::ES384, Algorithm::ES512, Algorithm::ES256K}) {
        const KeyType type = info(algorithm).key;
        const PrivateKey key = PrivateKey::generate(type).value();
        for (const bool other_form : {false, true}) {
            CAPTURE(info(algorithm).name);
            CAPTURE(other_form);
            scan::CrossTokens cross;
            const std::string first = token_with(key, algorithm, R"({"sub":"a"})", nonce_of(type, 1));
            const std::string second = token_with(key, algorithm, R"({"sub":"b"})", nonce_of(type, 1), other_form);
            auto verifier = SignatureVerifier::make(key.public_key(), algorithm).value();
            UnverifiedToken token;
            REQUIRE(token.parse(second));
            REQUIRE(verifier.verify(token.signing_input(), token.signature())); // the test makes good signatures
            cross.add(first);
            cross.add(token_with(key, algorithm, R"({"sub":"c"})", nonce_of(type, 7))); // another nonce
            CHECK(cross.nonces().empty());
            cross.add(second);
            REQUIRE(cross.nonces().size() == 1);
            const scan::RepeatedNonce& found = cross.nonces().front();
            CHECK(found.key.numbers()->d.expose() == key.numbers()->d.expose());
            CHECK(found.first == fingerprint(first.substr(0, first.rfind('.'))));
            CHECK(found.second == fingerprint(token.signing_input()));
            CHECK(found.r == token.signature().substr(0, token.signature().size() / 2));
            cross.add(token_with(key, algorithm, R"({"sub":"d"})", nonce_of(type, 1)));
            CHECK(cross.nonces().size() == 1); // a key is told once
        }
    }
}

TEST_CASE(
    "scan/cross: one r under two keys, a changed signature, one input twice and random nonces give nothing away") {
    const PrivateKey key = PrivateKey::generate(KeyType::p256).value(),
                     other = PrivateKey::generate(KeyType::p256).value();
    scan::CrossTokens cross;
    cross.add(token_with(key, Algorithm::ES256, R"({"sub":"a"})", nonce_of(KeyType::p256, 1)));
    cross.add(token_with(other, Algorithm::ES256, R"({"sub":"b"})", nonce_of(KeyType::p256, 1)));
    cross.add(token_with(key, Algorithm::ES256, R"({"sub":"a"})", nonce_of(KeyType::p256, 1), true));
    std::string changed = token_with(key, Algorithm::ES256, R"({"sub":"c"})", nonce_of(KeyType::p256, 1));
    changed[changed.size() - 20] = changed[changed.size() - 20] == 'A' ? 'B' : 'A';
    cross.add(changed);
    Signer signer = Signer::make(key, Algorithm::ES256).value();
    for (int i = 0; i < 20; ++i)
        cross.add(test::sign(signer, R"({"alg":"ES256"})", R"({"sub":")" + std::to_string(i) + "\"}"));
    cross.add("nonsense");
    cross.add("");
    CHECK(cross.nonces().empty());
    // Between them stood two of one key: a third finds its like.
    cross.add(token_with(other, Algorithm::ES256, R"({"sub":"z"})", nonce_of(KeyType::p256, 1)));
    CHECK(cross.nonces().size() == 1);
}

TEST_CASE("scan/cross: one jti of one issuer in two tokens") {
    Signer signer = Signer::make(PrivateKey::generate(KeyType::p256).value(), Algorithm::ES256).value();
    const auto token = [&](const std::string& claims) { return test::sign(signer, R"({"alg":"ES256"})", claims); };
    scan::CrossTokens cross;
    cross.add(token(R"({"iss":"a","jti":"1","sub":"x"})"));
    cross.add(token(R"({"iss":"a","jti":"1","sub":"x"})")); // the same, signed again
    cross.add(token(R"({"iss":"b","jti":"1","sub":"x"})"));
    cross.add(token(R"({"iss":"a","jti":"2"})"));
    cross.add(token(R"({"iss":"a","jti":7})"));
    cross.add(token(R"({"iss":"a"})"));
    CHECK(cross.ids().empty());
    cross.add(token(R"({"iss":"a","jti":"1","sub":"y"})"));
    cross.add(token(R"({"iss":"a","jti":"1","sub":"z"})"));
    REQUIRE(cross.ids().size() == 1);
    CHECK(cross.ids().front().id == "1");
    CHECK(cross.ids().front().first != cross.ids().front().second);
}

TEST_CASE("scan/cross: what is kept is bounded, and what was passed over is said") {
    const PrivateKey key = PrivateKey::generate(KeyType::p256).value();
    scan::CrossTokens few(2);
    for (const char* name : {"a", "b", "c"})
        few.add(
            token_with(key, Algorithm::ES256, std::string(R"({"sub":")") + name + "\"}", nonce_of(KeyType::p256, 1)));
    CHECK(few.passed_over() == 1);
    CHECK(few.nonces().size() == 1);
    scan::CrossTokens cross; // of one r, whoever made so many of them
    for (int i = 0; i < 20; ++i)
        cross.add(token_with(PrivateKey::generate(KeyType::p256).value(), Algorithm::ES256,
                             R"({"sub":")" + std::to_string(i) + "\"}", nonce_of(KeyType::p256, 1)));
    CHECK(cross.nonces().empty());
    CHECK(cross.passed_over() == 4);
}
