// The kernels of `crack` against OpenSSL, octet for octet.
#include <random>

#include <doctest/doctest.h>

#include "jwtdomain/crack/hmac256.h"
#include "jwtdomain/crack/hmac512.h"
#include "jwtdomain/crypto/sha2.h"

using namespace jwtdomain;
using namespace jwtdomain::crack;

namespace {

std::string octets(std::mt19937& random, std::size_t size) {
    std::string out(size, '\0');
    for (char& c : out) c = static_cast<char>(random());
    return out;
}

std::uint64_t first_of(unsigned bits, const std::string& secret, const std::string& message, std::size_t size) {
    unsigned char result[sha2::kMaxDigest];
    sha2::Hmac(bits, secret).mac(message, result);
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < size; ++i) out = out << 8 | result[i];
    return out;
}

// As HMAC takes it.
template <std::size_t Size> void put(unsigned char (&to)[Size], unsigned bits, const std::string& secret) {
    std::fill(to, to + Size, static_cast<unsigned char>(0));
    if (secret.size() > Size)
        sha2::digest(bits, secret, to);
    else
        std::copy(secret.begin(), secret.end(), to);
}

// Around the borders of the blocks of both hashes.
const std::vector<std::size_t> kSizes{0,   1,   3,   8,   31,  32,  54,  55,  56,  57,  63,  64,  65,  110, 111,
                                      112, 113, 118, 119, 120, 127, 128, 129, 183, 184, 239, 240, 256, 360, 1000};

} // namespace

TEST_CASE("crack/hmac: each kernel gives the first word of what OpenSSL gives, for secrets and messages of all sizes") {
    std::mt19937 random(20'240'101);
    std::vector<const Kernel256*> kernels{&portable_kernel256()};
    if (native_kernel256() != nullptr) kernels.push_back(native_kernel256());
    CHECK(&kernel256() == kernels.back());
    for (const std::size_t size : kSizes) {
        const std::string message = octets(random, size);
        const Message256 prepared(message);
        for (std::size_t first = 0; first < kSizes.size(); first += 2) {
            Secrets256 secrets;
            std::string plain[kLanes];
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                plain[lane] = octets(random, kSizes[(first + lane) % kSizes.size()]);
                put(secrets.octets[lane], 256, plain[lane]);
            }
            for (const Kernel256* kernel : kernels) {
                Pads256 pads;
                std::array<std::uint32_t, kLanes> words;
                kernel->prepare(secrets, pads);
                kernel->first_words(pads, prepared, words);
                for (std::size_t lane = 0; lane < kLanes; ++lane) {
                    CAPTURE(size);
                    CAPTURE(plain[lane].size());
                    CHECK(words[lane] == first_of(256, plain[lane], message, 4));
                }
            }
        }
    }
}

TEST_CASE("crack/hmac: SHA-384 and SHA-512, likewise") {
    std::mt19937 random(20'240'102);
    for (const unsigned bits : {384u, 512u}) {
        for (const std::size_t size : kSizes) {
            const std::string message = octets(random, size);
            for (const std::size_t length : kSizes) {
                const std::string secret = octets(random, length);
                unsigned char key[kBlock512];
                put(key, bits, secret);
                Pads512 pads;
                pads.prepare(bits, key);
                CAPTURE(size);
                CAPTURE(length);
                CHECK(first_word(bits, pads, Message512(message)) == first_of(bits, secret, message, 8));
            }
        }
    }
}
