#include <doctest/doctest.h>

#include "jwtdomain/crypto/aead.h"
#include "jwtdomain/refresh/token.h"

using namespace jwtdomain;
using namespace jwtdomain::refresh;

namespace {

RefreshToken sample(const std::string& domain = "prod/tenant.a") {
    return {.domain = domain,
            .family = std::string("0123456789abcdef"),
            .generation = 12,
            .secret = SecretBytes(std::string_view("0123456789abcdef0123456789abcdef"))};
}

std::string octets(std::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return out;
}

} // namespace

TEST_CASE("refresh/token: what is written is read again, and nothing else is") {
    const std::string text = format_token(sample());
    CHECK(text.substr(0, 19) == "jdr1.prod/tenant.a.");
    const auto read = parse_token(text);
    REQUIRE(read);
    CHECK(read->domain == "prod/tenant.a");
    CHECK(read->family == "0123456789abcdef");
    CHECK(read->generation == 12);
    CHECK(read->secret.expose() == "0123456789abcdef0123456789abcdef");
    for (std::size_t at = 0; at < text.size(); ++at) { // each character counts
        std::string other = text;
        other[at] = other[at] == 'A' ? 'B' : 'A';
        CHECK_FALSE(parse_token(other));
    }
    for (std::size_t size = 0; size < text.size(); ++size) CHECK_FALSE(parse_token(text.substr(0, size)));
    CHECK_FALSE(parse_token(text + "0"));
    CHECK_FALSE(parse_token(""));
    CHECK_FALSE(parse_token("jdr1." + std::string(1000, '.')));
}

TEST_CASE("refresh/token: the checksum is the CRC-32 of RFC 1952, by which a scanner knows it") {
    // Computed by Python's zlib.crc32.
    CHECK(format_token(sample("a")) == "jdr1.a.MDEyMzQ1Njc4OWFiY2RlZg.12.MDEyMzQ1Njc"
                                       "4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY.2b6a66f4");
}

TEST_CASE("crypto/aead: HKDF with SHA-256, the first test case of RFC 5869 (its first 32 octets)") {
    // The key that the RFC derives has 42 octets; the first block of it is what we take.
    const SecretBytes key =
        derive_key(std::string(22, '\x0b'), octets("000102030405060708090a0b0c"), octets("f0f1f2f3f4f5f6f7f8f9"));
    CHECK(std::string(key.expose()) == octets("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
}

TEST_CASE("crypto/aead: what is sealed opens with its key and what it was bound to, and not else") {
    const SecretBytes key{std::string_view("0123456789abcdef0123456789abcdef")};
    for (const std::string& text : {std::string(), std::string("x"), std::string(5000, 'y')}) {
        const auto sealed = aead_seal(key, text, "bound");
        REQUIRE(sealed);
        CHECK(sealed->size() == text.size() + 28);
        const auto opened = aead_open(key, *sealed, "bound");
        REQUIRE(opened);
        CHECK(opened->expose() == text);
        CHECK_FALSE(aead_open(key, *sealed, "other"));
        const SecretBytes other{std::string_view("0123456789abcdef0123456789abcdeF")};
        CHECK_FALSE(aead_open(other, *sealed, "bound"));
        for (const std::size_t at : {std::size_t{0}, std::size_t{12}, sealed->size() - 1}) {
            std::string changed = *sealed;
            changed[at] ^= 1;
            CHECK_FALSE(aead_open(key, changed, "bound"));
        }
        CHECK(*aead_seal(key, text, "bound") != *sealed);
    }
    CHECK_FALSE(aead_open(key, "short", "bound"));
}
