// What tokens show beside each other. Nonces are forced: the signatures are made here, from their equations.
#include <doctest/doctest.h>

#include "../support/mint.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/curve.h"
#include "jwtdomain/crypto/nonce_reuse.h"
#include "jwtdomain/crypto/openssl.h"
#include "jwtdomain/crypto/sha2.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/scan/cross.h"

using namespace jwtdomain;

namespace {

std::string padded(const BIGNUM* number, std::size_t size) {
    std::string out(size, '\0');
    BN_bn2binpad(number, openssl::octets(out.data()), static_cast<int>(size));
    return out;
}

// r || s under this nonce; with `other_form`, n - s in place of s.
std::string signature_with(const PrivateKey& key, Algorithm algorithm, std::string_view input, const SecretBytes& nonce,
                           bool other_form = false) {
    const AlgorithmInfo& about = info(algorithm);
    const std::size_t size = about.signature_size / 2;
    const openssl::Group group(EC_GROUP_new_by_curve_name(OBJ_sn2nid(curve::group_name(about.key))));
    const openssl::BignumContext work(BN_CTX_new());
    const BIGNUM* const n = EC_GROUP_get0_order(group.get());
    const auto point = curve::multiply_generator(about.key, nonce).value();
    const auto numbers = key.numbers().value();
    unsigned char digest[sha2::kMaxDigest];
    const std::size_t length = sha2::digest(about.hash_bits, input, digest);
    const openssl::Bignum r = openssl::bignum(point.x), d = openssl::bignum(numbers.d.expose()),
                          k = openssl::bignum(nonce.expose()), s(BN_new()),
                          z = openssl::bignum({reinterpret_cast<const char*>(digest), length});
    const int excess = static_cast<int>(8 * length) - BN_num_bits(n);
    if (excess > 0) BN_rshift(z.get(), z.get(), excess);
    BN_nnmod(r.get(), r.get(), n, work.get());
    BN_mod_mul(s.get(), r.get(), d.get(), n, work.get());
    BN_mod_add(s.get(), s.get(), z.get(), n, work.get());
    BN_mod_inverse(k.get(), k.get(), n, work.get());
    BN_mod_mul(s.get(), s.get(), k.get(), n, work.get());
    if (other_form) BN_sub(s.get(), n, s.get());
    return padded(r.get(), size) + padded(s.get(), size);
}

SecretBytes nonce_of(KeyType type, unsigned char fill) {
    SecretBytes out(curve::width(type));
    for (std::size_t i = 2; i < out.size(); ++i) out.expose_mutable()[i] = static_cast<char>(fill + i);
    return out;
}

std::string input_of(Algorithm algorithm, const std::string& claims) {
    return base64url_encode(R"({"alg":")" + std::string(info(algorithm).name) + R"("})") + "." +
           base64url_encode(claims);
}

std::string token_with(const PrivateKey& key, Algorithm algorithm, const std::string& claims, const SecretBytes& nonce,
                       bool other_form = false) {
    const std::string input = input_of(algorithm, claims);
    return input + "." + base64url_encode(signature_with(key, algorithm, input, nonce, other_form));
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
