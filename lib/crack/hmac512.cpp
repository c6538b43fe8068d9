#define OPENSSL_SUPPRESS_DEPRECATED // as hmac256.cpp

#include "jwtdomain/crack/hmac512.h"

#include <cstring>

#include <openssl/sha.h>

namespace jwtdomain::crack {
namespace {

void begin(SHA512_CTX& state, unsigned bits) {
    if (bits == 384)
        SHA384_Init(&state);
    else
        SHA512_Init(&state);
}

void put_long_word(unsigned char* to, std::uint64_t word) {
    for (int i = 0; i < 8; ++i) to[i] = static_cast<unsigned char>(word >> (56 - 8 * i));
}

void absorb_long(unsigned bits, const unsigned char (&secret)[kBlock512], unsigned char mask, std::uint64_t (&out)[8]) {
    unsigned char block[kBlock512];
    for (std::size_t i = 0; i < kBlock512; ++i) block[i] = static_cast<unsigned char>(secret[i] ^ mask);
    SHA512_CTX state;
    begin(state, bits);
    SHA512_Transform(&state, block);
    std::memcpy(out, state.h, sizeof out);
}

} // namespace

void Pads512::prepare(unsigned bits, const unsigned char (&secret)[kBlock512]) {
    absorb_long(bits, secret, 0x36, inner);
    absorb_long(bits, secret, 0x5c, outer);
}

Message512::Message512(std::string_view text) : blocks((text.size() + 17 + kBlock512 - 1) / kBlock512) {
    octets.assign(blocks * kBlock512, 0);
    if (!text.empty()) std::memcpy(octets.data(), text.data(), text.size());
    octets[text.size()] = 0x80;
    put_long_word(octets.data() + octets.size() - 8, 8 * std::uint64_t{kBlock512 + text.size()});
}

std::uint64_t first_word(unsigned bits, const Pads512& pads, const Message512& message) {
    SHA512_CTX state;
    begin(state, bits);
    std::memcpy(state.h, pads.inner, sizeof state.h);
    for (std::size_t block = 0; block < message.blocks; ++block)
        SHA512_Transform(&state, message.octets.data() + block * kBlock512);
    const std::size_t size = bits / 8;
    unsigned char last[kBlock512] = {};
    for (std::size_t i = 0; i < size / 8; ++i) put_long_word(last + 8 * i, state.h[i]);
    last[size] = 0x80;
    put_long_word(last + kBlock512 - 8, (kBlock512 + size) * 8);
    std::memcpy(state.h, pads.outer, sizeof state.h);
    SHA512_Transform(&state, last);
    return state.h[0];
}

} // namespace jwtdomain::crack
