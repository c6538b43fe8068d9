#include <type_traits>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/curve.h"
#include "jwtdomain/crypto/der.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/crypto/spki.h"

using namespace jwtdomain;

namespace {

PublicNumbers rsa(std::string n, std::string e) {
    return {.type = KeyType::rsa, .x = {}, .y = {}, .n = std::move(n), .e = std::move(e)};
}
PublicNumbers okp(KeyType type, std::string x) { return {.type = type, .x = std::move(x), .y = {}, .n = {}, .e = {}}; }

const std::string kF4("\x01\x00\x01", 3);

// An odd number of that many bits.
std::string odd(unsigned bits) {
    std::string out((bits + 7) / 8, '\x55');
    out[0] = static_cast<char>(1 << ((bits - 1) % 8));
    out.back() = '\x55';
    return out;
}

std::string why(const Result<PublicKey>& key) { return key ? "accepted" : key.error().message; }
bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

std::string from_hex(std::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return out;
}

template <class T>
concept Streams = requires(std::ostream& out, const T& value) {
    out << value;
};

HmacKey hmac(std::string_view secret) { return HmacKey::from_secret(SecretBytes(secret)).value(); }

} // namespace

// A secret cannot be copied or printed by accident.
static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(!Streams<SecretBytes> && !Streams<HmacKey> && !Streams<PrivateKey> && Streams<std::string>);
static_assert(!fmt::is_formattable<SecretBytes>::value && !fmt::is_formattable<HmacKey>::value);
static_assert(!std::is_convertible_v<SecretBytes, std::string_view> &&
              !std::is_convertible_v<SecretBytes, std::string>);

TEST_CASE("crypto/algorithm: the table is complete, and every name is found") {
    CHECK(algorithms().size() == 15);
    for (const AlgorithmInfo& entry : algorithms()) {
        CHECK(find_algorithm(entry.name) == entry.algorithm);
        CHECK(algorithm_on_key(entry.name, entry.key) == entry.algorithm);
        CHECK(&info(entry.algorithm) == &entry);
        CHECK_FALSE(entry.source.empty());
        for (const AlgorithmInfo& other : algorithms()) CHECK((&entry == &other || entry.name != other.name));
        const std::size_t width = curve::width(entry.key);
        if (width > 0) CHECK(entry.signature_size == 2 * width);
    }
    for (const char* name : {"none", "None", "NONE", "", "es256", "ES256 ", "HS1", "RS1", "RSA-OAEP", "EdDSA"}) {
        CHECK_FALSE(find_algorithm(name));
    }
}

TEST_CASE("crypto/algorithm: EdDSA means the curve of the key (RFC 9864 section 2.2)") {
    CHECK(algorithm_on_key("EdDSA", KeyType::ed25519) == Algorithm::Ed25519);
    CHECK(algorithm_on_key("EdDSA", KeyType::ed448) == Algorithm::Ed448);
    CHECK_FALSE(algorithm_on_key("EdDSA", KeyType::p256));
    CHECK_FALSE(algorithm_on_key("Ed25519", KeyType::ed448));
    CHECK_FALSE(algorithm_on_key("HS256", KeyType::rsa));
    CHECK_FALSE(algorithm_on_key("RS256", KeyType::hmac));
    CHECK(algorithm_on_key("PS512", KeyType::rsa) == Algorithm::PS512);
    for (const AlgorithmInfo& entry : algorithms()) CHECK(info(default_algorithm(entry.key)).key == entry.key);
}

TEST_CASE("crypto/key: RSA keys that are weak are refused") {
    CHECK(PublicKey::from_numbers(rsa(odd(2048), kF4)));
    CHECK(PublicKey::from_numbers(rsa(odd(16384), kF4)));
    CHECK(has(why(PublicKey::from_numbers(rsa(odd(2047), kF4))), "2047 bits"));
    CHECK(has(why(PublicKey::from_numbers(rsa(odd(16385), kF4))), "16385 bits"));
    CHECK(has(why(PublicKey::from_numbers(rsa(odd(512), kF4))), "512 bits"));
    CHECK(has(why(PublicKey::from_numbers(rsa("", kF4))), "0 bits"));
    std::string even = odd(2048);
    even.back() = '\x54';
    CHECK(has(why(PublicKey::from_numbers(rsa(even, kF4))), "even"));
    for (const char* exponent : {"", "00", "01", "03", "11", "ffff", "010000", "010002", "010000000000000001"}) {
        CAPTURE(exponent);
        CHECK(has(why(PublicKey::from_numbers(rsa(odd(2048), from_hex(exponent)))), "exponent"));
    }
    CHECK(PublicKey::from_numbers(rsa(odd(2048), from_hex("ffffffffffffffff"))));
}

TEST_CASE("crypto/key: points that are not on their curve are refused") {
    const PublicNumbers good = PrivateKey::generate(KeyType::p256).value().public_key().numbers();
    PublicNumbers bad = good;
    bad.y[31] = static_cast<char>(bad.y[31] ^ 1);
    CHECK(has(why(PublicKey::from_numbers(bad)), "not on the curve"));
    bad = good;
    bad.x = bad.y = std::string(32, '\0');
    CHECK(has(why(PublicKey::from_numbers(bad)), "not on the curve"));
    bad.x = bad.y = std::string(32, '\xff'); // above p
    CHECK(has(why(PublicKey::from_numbers(bad)), "not on the curve"));
    bad = good;
    bad.type = KeyType::secp256k1;
    CHECK_FALSE(PublicKey::from_numbers(bad));
    bad = good;
    bad.x.insert(0, 1, '\0');
    CHECK_FALSE(PublicKey::from_numbers(bad));
    CHECK_FALSE(PublicKey::from_numbers(okp(KeyType::hmac, "x")));
}

TEST_CASE("crypto/key: the point at infinity, hybrid and truncated points in DER are refused") {
    const PublicNumbers good = PrivateKey::generate(KeyType::p256).value().public_key().numbers();
    const auto spki = [](const std::string& point) {
        std::string contents, out;
        der::append_key_algorithm(contents, KeyType::p256);
        der::append_bits(contents, point);
        der::append(out, der::kSequence, contents);
        return out;
    };
    CHECK(PublicKey::from_spki(spki("\x04" + good.x + good.y)));
    CHECK(PublicKey::from_spki(spki(std::string(1, (good.y[31] & 1) ? '\x03' : '\x02') + good.x)).value().numbers().y ==
          good.y);
    CHECK_FALSE(PublicKey::from_spki(spki(std::string(1, '\0'))));
    CHECK_FALSE(PublicKey::from_spki(spki("")));
    CHECK_FALSE(PublicKey::from_spki(spki(std::string(1, (good.y[31] & 1) ? '\x07' : '\x06') + good.x + good.y)));
    CHECK_FALSE(PublicKey::from_spki(spki("\x04" + good.x)));
    CHECK_FALSE(PublicKey::from_spki(spki("\x04" + good.x + good.y) + '\0'));
}

TEST_CASE("crypto/key: Edwards points of small order are refused, with either sign") {
    // y of order 1, 2, 4, 4 and of both pairs of order 8 on edwards25519; of order 1, 2, 4 on edwards448.
    const std::vector<std::pair<KeyType, std::string>> points{
        {KeyType::ed25519, "0100000000000000000000000000000000000000000000000000000000000000"},
        {KeyType::ed25519, "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
        {KeyType::ed25519, "0000000000000000000000000000000000000000000000000000000000000000"},
        {KeyType::ed25519, "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"},
        {KeyType::ed25519, "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"},
        {KeyType::ed448, "01" + std::string(112, '0')},
        {KeyType::ed448, std::string(114, '0')},
        {KeyType::ed448, "fe" + std::string(54, 'f') + "fe" + std::string(54, 'f') + "00"}, // p - 1
    };
    for (const auto& [type, text] : points) {
        const std::string hex = text;
        CAPTURE(hex);
        std::string point = from_hex(hex);
        CHECK(has(why(PublicKey::from_numbers(okp(type, point))), "small order"));
        point.back() = static_cast<char>(point.back() | '\x80');
        CHECK(has(why(PublicKey::from_numbers(okp(type, point))), "small order"));
    }
}

TEST_CASE("crypto/key: Edwards points that are not canonical, off the curve or of a wrong size are refused") {
    CHECK(has(why(PublicKey::from_numbers(okp(KeyType::ed25519, from_hex("ed" + std::string(60, 'f') + "7f")))),
              "canonical"));
    CHECK(has(why(PublicKey::from_numbers(okp(KeyType::ed25519, from_hex("ee" + std::string(60, 'f') + "7f")))),
              "canonical"));
    CHECK(has(why(PublicKey::from_numbers(okp(KeyType::ed448, std::string(56, '\xff') + '\0'))), "canonical"));
    CHECK(has(why(PublicKey::from_numbers(okp(KeyType::ed448, std::string(56, '\x11') + '\1'))), "canonical"));
    for (const KeyType type : {KeyType::ed25519, KeyType::ed448}) {
        const std::string good = PrivateKey::generate(type).value().public_key().numbers().x;
        CHECK(has(why(PublicKey::from_numbers(okp(type, good + '\0'))), "octets"));
        CHECK(has(why(PublicKey::from_numbers(okp(type, good.substr(1)))), "octets"));
        CHECK(has(why(PublicKey::from_numbers(okp(type, ""))), "octets"));
        // About half of all y belong to a point.
        int on_curve = 0, off_curve = 0;
        for (int i = 0; i < 200; ++i) {
            std::string y = random_octets(good.size());
            y.back() = '\0';
            const std::string verdict = why(PublicKey::from_numbers(okp(type, y)));
            on_curve += verdict == "accepted";
            off_curve += has(verdict, "not on the curve");
        }
        CHECK(on_curve + off_curve == 200);
        CHECK(on_curve > 50);
        CHECK(off_curve > 50);
    }
}

TEST_CASE("crypto/key: what is written around a key does not change its identity") {
    const PublicNumbers numbers = PrivateKey::generate(KeyType::rsa).value().public_key().numbers();
    const std::string identity = PublicKey::from_numbers(numbers).value().identity();
    PublicNumbers other = numbers;
    other.e = from_hex("010003");
    CHECK(PublicKey::from_numbers(other).value().identity() == identity); // the modulus alone
    CHECK(PublicKey::from_numbers(other).value().thumbprint() != PublicKey::from_numbers(numbers).value().thumbprint());
    other = numbers;
    other.n.insert(0, 2, '\0');
    other.e.insert(0, 1, '\0');
    CHECK(PublicKey::from_numbers(other).value().identity() == identity);
    CHECK(PublicKey::from_numbers(other).value().thumbprint() == PublicKey::from_numbers(numbers).value().thumbprint());

    for (const KeyType type :
         {KeyType::p256, KeyType::p384, KeyType::p521, KeyType::secp256k1, KeyType::ed25519, KeyType::ed448}) {
        const PrivateKey pair = PrivateKey::generate(type).value();
        const PublicKey& pub = pair.public_key();
        CHECK(PublicKey::from_spki(pub.spki()).value().identity() == pub.identity());
        CHECK(PrivateKey::from_pkcs8(pair.pkcs8().value().expose()).value().public_key().identity() == pub.identity());
        CHECK(PrivateKey::generate(type).value().public_key().identity() != pub.identity());
    }
}

TEST_CASE("crypto/key: HMAC secrets that HMAC cannot tell apart are one key") {
    const std::string secret = "0123456789abcdef0123456789abcdef";
    const std::string zeros(5, '\0');
    CHECK(hmac(secret).identity() == hmac(secret + zeros).identity());
    CHECK(hmac(secret).identity() != hmac(secret + "\n").identity());
    CHECK(hmac(secret).identity() != hmac('\0' + secret).identity());
    const auto one_key = [](const std::string& a, const std::string& b, Algorithm algorithm) {
        return hmac(a).identity_under(algorithm) == hmac(b).identity_under(algorithm);
    };
    const std::string block(64, 'k');
    CHECK(one_key(secret, secret + zeros, Algorithm::HS256));
    CHECK(one_key(block, block + zeros, Algorithm::HS512));       // both below its block of 128
    CHECK_FALSE(one_key(block, block + zeros, Algorithm::HS256)); // the longer one is hashed
    const std::string longer(100, 'k');
    CHECK(one_key(longer, sha256(longer), Algorithm::HS256)); // RFC 2104 section 2: keys above the block are hashed
    CHECK_FALSE(one_key(longer, sha256(longer), Algorithm::HS512));
    CHECK_FALSE(one_key(secret, block, Algorithm::HS256));
}

TEST_CASE("crypto/key: a key file is no HMAC secret (CVE-2016-10555)") {
    const PublicKey pub = PrivateKey::generate(KeyType::ed25519).value().public_key();
    const std::vector<std::string> files{
        "",
        "-----BEGIN PUBLIC KEY-----\nMCowBQ...",
        "text before\n-----BEGIN CERTIFICATE-----\nMIIB",
        "\xef\xbb\xbf-----BEGIN RSA PUBLIC KEY-----",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA user@host",
        "  ssh-rsa AAAAB3NzaC1yc2E=",
        "ecdsa-sha2-nistp256 AAAA",
        "---- BEGIN SSH2 PUBLIC KEY ----",
        "{\"kty\":\"RSA\",\"n\":\"AQAB\"}",
        pub.spki(),
    };
    for (const std::string& file : files) {
        CAPTURE(file);
        const auto refused = HmacKey::from_secret(SecretBytes(file));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == Fault::invalid);
    }
    CHECK(HmacKey::from_secret(SecretBytes("a plain secret of thirty-two octets")));
    CHECK(HmacKey::generate(32).value().secret().size() == 32);
    CHECK(HmacKey::generate(32).value().identity() != HmacKey::generate(32).value().identity());
    CHECK_FALSE(HmacKey::generate(0));
}

TEST_CASE("crypto/key: keys are made within the limits only") {
    CHECK(PrivateKey::generate(KeyType::rsa, 3072).value().public_key().bits() == 3072);
    for (const unsigned bits : {0u, 1024u, 2047u, 8200u, 16384u}) {
        CHECK(PrivateKey::generate(KeyType::rsa, bits).error().fault == Fault::usage);
    }
    CHECK(PrivateKey::generate(KeyType::hmac).error().fault == Fault::usage);
    const PublicKey pub = PrivateKey::generate(KeyType::rsa).value().public_key();
    CHECK(pub.numbers().e == kF4);
    CHECK(pub.numbers().n.size() == 256);
    CHECK(PrivateKey::generate(KeyType::p521).value().public_key().bits() == 521);
}

TEST_CASE("crypto/key: private scalars out of range are refused") {
    for (const char* hex : {"0000000000000000000000000000000000000000000000000000000000000000",
                            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
                            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}) {
        CHECK_FALSE(curve::multiply_generator(KeyType::p256, SecretBytes(from_hex(hex))));
    }
    const auto last = curve::multiply_generator(
        KeyType::p256, SecretBytes(from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550")));
    const auto first = curve::multiply_generator(
        KeyType::p256, SecretBytes(from_hex("0000000000000000000000000000000000000000000000000000000000000001")));
    REQUIRE(last);
    CHECK(last->x == first->x); // -G
    CHECK(last->y != first->y);
}

TEST_CASE("crypto/der: only the shortest form is read") {
    const auto reads = [](const char* hex) {
        const std::string text = from_hex(hex);
        std::string_view contents;
        der::Reader reader(text);
        return reader.read(der::kOctetString, contents) && reader.empty();
    };
    CHECK(reads("0400"));
    CHECK(reads("040141"));
    for (const char* hex : {"", "04", "0401", "0480", "04810141", "0482000141", "0484ffffffff41", "04014100", "050141",
                            "048500000000", "1f0141", "0481"}) {
        CAPTURE(hex);
        CHECK_FALSE(reads(hex));
    }
    const auto number = [](const char* hex) -> std::string {
        const std::string text = from_hex(hex);
        std::string_view octets;
        der::Reader reader(text);
        return reader.read_unsigned(octets) && reader.empty() ? std::string(octets) : "refused";
    };
    CHECK(number("020100").empty());
    CHECK(number("02017f") == "\x7f");
    CHECK(number("02020080") == "\x80");
    for (const char* hex : {"0200", "020180", "02020000", "0202007f", "0202ff80"}) CHECK(number(hex) == "refused");
    std::string out;
    der::append_unsigned(out, std::string_view("\0\0\x80", 3));
    CHECK(out == from_hex("02020080"));
}
