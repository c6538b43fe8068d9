// The public key that two RSA signatures have in common, held against the keys that OpenSSL signed with.
#include <doctest/doctest.h>

#include "../support/rsa_three.h"
#include "jwtdomain/crypto/rsa_candidate.h"
#include "jwtdomain/crypto/sha2.h"

using namespace jwtdomain;

namespace {

struct Signed {
    unsigned bits;
    std::string digest, signature;
    RsaSignature view() const { return {bits, digest, signature}; }
};

Signed signed_by(const test::RsaOfOpenssl& key, const std::string& text, unsigned bits) {
    const EVP_MD* const hash = bits == 256 ? EVP_sha256() : bits == 384 ? EVP_sha384() : EVP_sha512();
    unsigned char digest[sha2::kMaxDigest];
    const std::size_t size = sha2::digest(bits, text, digest);
    return {bits, std::string(reinterpret_cast<const char*>(digest), size), key.sign(text, hash)};
}

} // namespace

TEST_CASE("crypto/rsa-candidate: n of two signatures, of all hashes, and whether a third is of it") {
    for (const int size : {1024, 2048}) {
        const test::RsaOfOpenssl key(size, 3);
        REQUIRE(key.good());
        const Signed a = signed_by(key, "one", 256), b = signed_by(key, "two", 384), c = signed_by(key, "three", 512);
        const auto found = rsa_key_of(a.view(), b.view(), 3);
        REQUIRE(found);
        REQUIRE(found->has_value());
        CHECK((*found)->n == key.modulus());
        CHECK((*found)->e == "\x03");
        CHECK(is_signed_with(**found, c.view()));
        Signed changed = c;
        changed.digest[0] = static_cast<char>(changed.digest[0] ^ 1);
        CHECK(!is_signed_with(**found, changed.view()));
    }
}

TEST_CASE("crypto/rsa-candidate: signatures of two keys, of another exponent or of no RSA give nothing") {
    const test::RsaOfOpenssl key(1024, 3), other(1024, 3), usual(1024, 17);
    const Signed a = signed_by(key, "one", 256), b = signed_by(other, "two", 256);
    const auto none = rsa_key_of(a.view(), b.view(), 3);
    REQUIRE(none);
    CHECK(!none->has_value());
    const Signed c = signed_by(usual, "one", 256), d = signed_by(usual, "two", 256);
    CHECK(!rsa_key_of(c.view(), d.view(), 3)->has_value());
    CHECK((*rsa_key_of(c.view(), d.view(), 17))->n == usual.modulus());
    CHECK(!rsa_key_of(a.view(), a.view(), 3)->has_value()); // the same one twice
    const std::string zeros(128, '\0');
    CHECK(!rsa_key_of(a.view(), {256, a.digest, zeros}, 3)->has_value());
    const Signed longer{256, a.digest, a.signature + "x"};
    CHECK(rsa_key_of(a.view(), longer.view(), 3).error().fault == Fault::usage);
    CHECK(rsa_key_of({256, "short", a.signature}, a.view(), 3).error().fault == Fault::usage);
    CHECK(rsa_key_of({255, a.digest, a.signature}, a.view(), 3).error().fault == Fault::usage);
}
