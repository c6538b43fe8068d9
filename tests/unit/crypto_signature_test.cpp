#include <map>
#include <type_traits>

#include <doctest/doctest.h>

#include "jwtdomain/crypto/ecdsa_der.h"
#include "jwtdomain/crypto/signature.h"

using namespace jwtdomain;

namespace {

const std::string kInput = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9";

// Keys are made once: RSA takes long under the address sanitizer.
const PrivateKey& private_key(KeyType type) {
    static std::map<KeyType, PrivateKey> keys;
    if (auto found = keys.find(type); found != keys.end()) return found->second;
    return keys.emplace(type, PrivateKey::generate(type).value()).first->second;
}

HmacKey hmac_key(char fill = 'k') { return HmacKey::from_secret(SecretBytes(std::string(64, fill))).value(); }

Signer signer(Algorithm algorithm) {
    const KeyType type = info(algorithm).key;
    if (type == KeyType::hmac) return Signer::make(hmac_key(), algorithm).value();
    return Signer::make(private_key(type), algorithm).value();
}

SignatureVerifier verifier(Algorithm algorithm) {
    const KeyType type = info(algorithm).key;
    if (type == KeyType::hmac) return SignatureVerifier::make(hmac_key(), algorithm).value();
    return SignatureVerifier::make(private_key(type).public_key(), algorithm).value();
}

template <class T, class Key>
concept MakesFrom = requires(const Key& key) {
    T::make(key, Algorithm::HS256);
};

} // namespace

// HS/RS confusion does not compile: a public key, or the text of one, is no HMAC key and no private key.
static_assert(MakesFrom<SignatureVerifier, PublicKey> && MakesFrom<SignatureVerifier, HmacKey>);
static_assert(MakesFrom<Signer, PrivateKey> && MakesFrom<Signer, HmacKey>);
static_assert(!MakesFrom<Signer, PublicKey>);
static_assert(!MakesFrom<SignatureVerifier, PrivateKey>);
static_assert(!MakesFrom<SignatureVerifier, std::string> && !MakesFrom<Signer, std::string>);
static_assert(!MakesFrom<SignatureVerifier, SecretBytes> && !MakesFrom<Signer, SecretBytes>);
static_assert(!std::is_constructible_v<HmacKey, PublicKey> && !std::is_convertible_v<PublicKey, HmacKey>);
static_assert(!std::is_constructible_v<HmacKey, std::string> && !std::is_constructible_v<HmacKey, SecretBytes>);
static_assert(!std::is_constructible_v<PublicKey, PrivateKey> && !std::is_convertible_v<PrivateKey, PublicKey>);
static_assert(!std::is_constructible_v<PrivateKey, PublicKey>);
static_assert(!std::is_invocable_v<decltype(&HmacKey::from_secret), const PublicKey&>);
static_assert(!std::is_invocable_v<decltype(&HmacKey::from_secret), std::string>);
static_assert(std::is_nothrow_move_constructible_v<SignatureVerifier>);
static_assert(std::is_nothrow_move_constructible_v<Signer>);

TEST_CASE("crypto/signature: every algorithm verifies what it signed, over and over with the same objects") {
    for (const AlgorithmInfo& entry : algorithms()) {
        CAPTURE(std::string(entry.name));
        Signer sign = signer(entry.algorithm);
        SignatureVerifier verify = verifier(entry.algorithm);
        CHECK(sign.algorithm() == entry.algorithm);
        CHECK(verify.algorithm() == entry.algorithm);
        for (int round = 0; round < 3; ++round) {
            const std::string input = kInput + std::to_string(round);
            const std::string signature = sign.sign(input).value();
            if (entry.signature_size > 0) CHECK(signature.size() == entry.signature_size);
            CHECK(verify.verify(input, signature));
            CHECK_FALSE(verify.verify(kInput, signature));
            CHECK(verify.verify(input, signature));
        }
        const std::string empty = sign.sign("").value();
        CHECK(verify.verify("", empty));
    }
}

TEST_CASE("crypto/signature: every flipped octet of a signature is noticed") {
    for (const AlgorithmInfo& entry : algorithms()) {
        CAPTURE(std::string(entry.name));
        SignatureVerifier verify = verifier(entry.algorithm);
        std::string signature = signer(entry.algorithm).sign(kInput).value();
        for (std::size_t i = 0; i < signature.size(); ++i) {
            CAPTURE(i);
            signature[i] = static_cast<char>(signature[i] ^ (1 << (i % 8)));
            CHECK_FALSE(verify.verify(kInput, signature));
            signature[i] = static_cast<char>(signature[i] ^ (1 << (i % 8)));
        }
        CHECK(verify.verify(kInput, signature));
    }
}

TEST_CASE("crypto/signature: a signature of the wrong length is refused") {
    for (const AlgorithmInfo& entry : algorithms()) {
        CAPTURE(std::string(entry.name));
        SignatureVerifier verify = verifier(entry.algorithm);
        const std::string signature = signer(entry.algorithm).sign(kInput).value();
        CHECK_FALSE(verify.verify(kInput, ""));
        CHECK_FALSE(verify.verify(kInput, signature.substr(1)));
        CHECK_FALSE(verify.verify(kInput, signature.substr(0, signature.size() - 1)));
        CHECK_FALSE(verify.verify(kInput, signature + '\0'));
        CHECK_FALSE(verify.verify(kInput, '\0' + signature));
        CHECK_FALSE(verify.verify(kInput, signature + signature));
    }
}

TEST_CASE("crypto/signature: no algorithm takes another's signature on the same key") {
    for (const AlgorithmInfo& by : algorithms()) {
        const std::string signature = signer(by.algorithm).sign(kInput).value();
        for (const AlgorithmInfo& other : algorithms()) {
            if (by.algorithm == other.algorithm) continue;
            CAPTURE(std::string(by.name) + " as " + std::string(other.name));
            CHECK_FALSE(verifier(other.algorithm).verify(kInput, signature));
        }
    }
}

TEST_CASE("crypto/signature: an algorithm is refused on a key of another type") {
    for (const AlgorithmInfo& entry : algorithms()) {
        for (const KeyType type : {KeyType::p256, KeyType::p384, KeyType::p521, KeyType::secp256k1, KeyType::ed25519,
                                   KeyType::ed448, KeyType::rsa}) {
            if (entry.key == type) continue;
            CHECK_FALSE(Signer::make(private_key(type), entry.algorithm));
            CHECK_FALSE(SignatureVerifier::make(private_key(type).public_key(), entry.algorithm));
        }
        if (entry.key == KeyType::hmac) continue;
        CHECK_FALSE(Signer::make(hmac_key(), entry.algorithm));
        CHECK_FALSE(SignatureVerifier::make(hmac_key(), entry.algorithm));
    }
}

TEST_CASE("crypto/signature: psychic signatures are refused (CVE-2022-21449)") {
    for (const Algorithm algorithm : {Algorithm::ES256, Algorithm::ES384, Algorithm::ES512, Algorithm::ES256K}) {
        SignatureVerifier verify = verifier(algorithm);
        const std::string good = signer(algorithm).sign(kInput).value();
        const std::size_t width = good.size() / 2;
        const std::string zero(width, '\0'), r = good.substr(0, width), s = good.substr(width);
        const std::string one = std::string(width - 1, '\0') + '\1';
        CHECK_FALSE(verify.verify(kInput, zero + zero));
        CHECK_FALSE(verify.verify(kInput, zero + s));
        CHECK_FALSE(verify.verify(kInput, r + zero));
        CHECK_FALSE(verify.verify(kInput, one + zero));
        CHECK_FALSE(verify.verify(kInput, zero + one));
        CHECK_FALSE(verify.verify(kInput, std::string(2 * width, '\xff')));
    }
}

TEST_CASE("crypto/signature: r and s at or above the order of the group are refused") {
    // n of P-256: SEC 2 version 2, section 2.4.2.
    const std::string n("\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
                        "\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51",
                        32);
    SignatureVerifier verify = verifier(Algorithm::ES256);
    const std::string good = signer(Algorithm::ES256).sign(kInput).value();
    const std::string r = good.substr(0, 32), s = good.substr(32);
    CHECK_FALSE(verify.verify(kInput, n + s));
    CHECK_FALSE(verify.verify(kInput, r + n));
    CHECK_FALSE(verify.verify(kInput, n + n));
}

TEST_CASE("crypto/signature: an ECDSA signature in DER is refused") {
    SignatureVerifier verify = verifier(Algorithm::ES256);
    const std::string raw = signer(Algorithm::ES256).sign(kInput).value();
    unsigned char der[ecdsa::kMaxDer];
    const std::size_t size = ecdsa::to_der(raw, der);
    const std::string text(reinterpret_cast<const char*>(der), size);
    CHECK(ecdsa::to_raw(text, 32) == raw);
    CHECK_FALSE(verify.verify(kInput, text));
    CHECK_FALSE(verify.verify(kInput, text.substr(0, 64)));
}

TEST_CASE("crypto/signature: r||s becomes DER and comes back at every width and with leading zeros") {
    for (const std::size_t width : {32u, 48u, 66u}) {
        for (std::size_t zeros = 0; zeros < width; ++zeros) {
            for (const char top : {'\x01', '\x7f', '\x80', '\xff'}) {
                std::string number(width, '\x5a');
                number.replace(0, zeros, zeros, '\0');
                number[zeros] = top;
                const std::string raw = number + std::string(width - 1, '\0') + '\1';
                unsigned char der[ecdsa::kMaxDer];
                const std::size_t size = ecdsa::to_der(raw, der);
                REQUIRE(size <= sizeof der);
                CHECK(ecdsa::to_raw(std::string_view(reinterpret_cast<const char*>(der), size), width) == raw);
            }
        }
    }
    const std::string widest(132, '\xff');
    unsigned char der[ecdsa::kMaxDer];
    CHECK(ecdsa::to_der(widest, der) <= sizeof der);
}

TEST_CASE("crypto/signature: a non-canonical S of EdDSA is refused (RFC 8032 section 5.1.7)") {
    // S + L: the same value modulo the order L, little-endian.
    const auto add = [](std::string s, const std::string& order) {
        unsigned carry = 0;
        for (std::size_t i = 0; i < s.size(); ++i) {
            carry += static_cast<unsigned char>(s[i]) + (i < order.size() ? static_cast<unsigned char>(order[i]) : 0u);
            s[i] = static_cast<char>(carry & 0xff);
            carry >>= 8;
        }
        REQUIRE(carry == 0);
        return s;
    };
    const std::string order25519("\xed\xd3\xf5\x5c\x1a\x63\x12\x58\xd6\x9c\xf7\xa2\xde\xf9\xde\x14"
                                 "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10",
                                 32);
    const std::string order448 = std::string("\xf3\x44\x58\xab\x92\xc2\x78\x23\x55\x8f\xc5\x8d\x72\xc2\x6c\x21"
                                             "\x90\x36\xd6\xae\x49\xdb\x4e\xc4\xe9\x23\xca\x7c",
                                             28) +
                                 std::string(27, '\xff') + '\x3f';
    for (const auto& [algorithm, order] : {std::pair(Algorithm::Ed25519, order25519), {Algorithm::Ed448, order448}}) {
        SignatureVerifier verify = verifier(algorithm);
        const std::string good = signer(algorithm).sign(kInput).value();
        const std::size_t half = good.size() / 2;
        CHECK(verify.verify(kInput, good));
        CHECK_FALSE(verify.verify(kInput, good.substr(0, half) + add(good.substr(half), order)));
    }
}

TEST_CASE("crypto/signature: HMAC secrets below the length of the hash are refused (RFC 7518 section 3.2)") {
    for (const auto& [algorithm, least] :
         {std::pair(Algorithm::HS256, 32u), {Algorithm::HS384, 48u}, {Algorithm::HS512, 64u}}) {
        const HmacKey enough = HmacKey::from_secret(SecretBytes(std::string(least, 'k'))).value();
        const HmacKey short_one = HmacKey::from_secret(SecretBytes(std::string(least - 1, 'k'))).value();
        CHECK(Signer::make(enough, algorithm));
        CHECK(SignatureVerifier::make(enough, algorithm));
        CHECK_FALSE(Signer::make(short_one, algorithm));
        const auto refused = SignatureVerifier::make(short_one, algorithm);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == Fault::invalid);
    }
}
