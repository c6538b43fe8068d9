// OpenSSL's block function stands behind an interface that OpenSSL 3 declares deprecated; no other gives one block at a
// time.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "jwtdomain/crack/hmac256.h"

#include <bit>
#include <cstring>

#include <openssl/sha.h>

#include "jwtdomain/base/secret.h"

namespace jwtdomain::crack {

alignas(64) const std::array<std::uint32_t, 64> kRounds256{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

namespace {

std::uint32_t word_at(const unsigned char* at) {
    return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
}

void put_word(unsigned char* to, std::uint32_t word) {
    for (int i = 0; i < 4; ++i) to[i] = static_cast<unsigned char>(word >> (24 - 8 * i));
}

void absorb(const unsigned char (&secret)[kBlock256], unsigned char mask, std::uint32_t (&out)[8]) {
    unsigned char block[kBlock256];
    for (std::size_t i = 0; i < kBlock256; ++i) block[i] = static_cast<unsigned char>(secret[i] ^ mask);
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Transform(&state, block);
    std::memcpy(out, state.h, sizeof out);
}

void prepare_portably(const Secrets256& secrets, Pads256& out) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        absorb(secrets.octets[lane], 0x36, out.inner[lane]);
        absorb(secrets.octets[lane], 0x5c, out.outer[lane]);
    }
}

void first_words_portably(const Pads256& pads, const Message256& message, std::array<std::uint32_t, kLanes>& out) {
    unsigned char last[kBlock256] = {};
    last[32] = 0x80;
    put_word(last + kBlock256 - 4, (kBlock256 + 32) * 8);
    SHA256_CTX state;
    SHA256_Init(&state);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        std::memcpy(state.h, pads.inner[lane], sizeof state.h);
        for (std::size_t block = 0; block < message.blocks; ++block)
            SHA256_Transform(&state, message.octets.data() + block * kBlock256);
        for (std::size_t i = 0; i < 8; ++i) put_word(last + 4 * i, state.h[i]);
        std::memcpy(state.h, pads.outer[lane], sizeof state.h);
        SHA256_Transform(&state, last);
        out[lane] = state.h[0];
    }
}

constexpr Kernel256 kPortable{prepare_portably, first_words_portably};

} // namespace

Message256::Message256(std::string_view text) : blocks((text.size() + 9 + kBlock256 - 1) / kBlock256) {
    octets.assign(blocks * kBlock256, 0);
    if (!text.empty()) std::memcpy(octets.data(), text.data(), text.size());
    octets[text.size()] = 0x80;
    std::uint64_t bits = 8 * std::uint64_t{kBlock256 + text.size()};
    for (std::size_t i = octets.size(); bits != 0; bits >>= 8) octets[--i] = static_cast<unsigned char>(bits);
    schedule.resize(blocks * 64);
    for (std::size_t block = 0; block < blocks; ++block) {
        std::uint32_t* const w = schedule.data() + 64 * block;
        for (std::size_t t = 0; t < 16; ++t) w[t] = word_at(octets.data() + kBlock256 * block + 4 * t);
        for (std::size_t t = 16; t < 64; ++t) {
            const std::uint32_t a = w[t - 15], b = w[t - 2];
            w[t] = (std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10)) + w[t - 7] +
                   (std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3)) + w[t - 16];
        }
        for (std::size_t t = 0; t < 64; ++t) w[t] += kRounds256[t];
    }
}

const Kernel256& portable_kernel256() { return kPortable; }

const Kernel256& kernel256() {
    const Kernel256* const native = native_kernel256();
    return native == nullptr ? kPortable : *native;
}

} // namespace jwtdomain::crack
