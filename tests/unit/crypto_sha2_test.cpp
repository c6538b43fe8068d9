#include <random>

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/crypto/sha2.h"

using namespace jwtdomain;

namespace {

const EVP_MD* reference(unsigned bits) {
    return bits == 256 ? EVP_sha256() : bits == 384 ? EVP_sha384() : EVP_sha512();
}

std::string view(const unsigned char* octets, std::size_t size) {
    return {reinterpret_cast<const char*>(octets), size};
}

const unsigned char* octets(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string random_text(std::mt19937& random, std::size_t size) {
    std::string out(size, '\0');
    for (char& c : out) c = static_cast<char>(random());
    return out;
}

} // namespace

TEST_CASE("crypto/sha2: digests are those of EVP at every length around the blocks") {
    std::mt19937 random(1);
    for (const unsigned bits : {256u, 384u, 512u}) {
        for (std::size_t size = 0; size < 300; ++size) {
            const std::string text = random_text(random, size);
            unsigned char ours[sha2::kMaxDigest], theirs[EVP_MAX_MD_SIZE];
            unsigned theirs_size = 0;
            REQUIRE(sha2::digest(bits, text, ours) == bits / 8);
            REQUIRE(EVP_Digest(text.data(), text.size(), theirs, &theirs_size, reference(bits), nullptr) == 1);
            CHECK(view(ours, bits / 8) == view(theirs, theirs_size));
        }
    }
    CHECK(base64url_encode(sha256("abc")) == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
}

TEST_CASE("crypto/sha2: HMAC is that of EVP for random secrets and messages, over and over with one state") {
    std::mt19937 random(2);
    for (const unsigned bits : {256u, 384u, 512u}) {
        for (std::size_t key_size = 1; key_size < 300; key_size += key_size < 60 || key_size > 132 ? 7 : 1) {
            const std::string key = random_text(random, key_size);
            const sha2::Hmac hmac(bits, key);
            for (int round = 0; round < 8; ++round) {
                const std::string text = random_text(random, random() % 400);
                unsigned char ours[sha2::kMaxDigest], theirs[EVP_MAX_MD_SIZE];
                unsigned theirs_size = 0;
                REQUIRE(hmac.mac(text, ours) == bits / 8);
                REQUIRE(HMAC(reference(bits), key.data(), static_cast<int>(key.size()), octets(text), text.size(),
                             theirs, &theirs_size) != nullptr);
                CHECK(view(ours, bits / 8) == view(theirs, theirs_size));
            }
        }
    }
}
