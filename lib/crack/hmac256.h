// HMAC-SHA256 under many secrets, four at a time: what is tried first is the first word of each result; who finds it
// equal has to check the whole with OpenSSL.
//
// The padded secret costs two compressions, and is shared by all messages; a message of n octets costs
// ceil((n + 9) / 64) + 1 more under each secret.
// Internal: not installed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace jwtdomain::crack {

constexpr std::size_t kLanes = 4, kBlock256 = 64;

// Four secrets as HMAC takes them (RFC 2104 section 2): zero-padded to a block; longer ones are hashed before.
struct Secrets256 {
    alignas(64) unsigned char octets[kLanes][kBlock256];
};

// What follows the padded secrets, inner and outer. Each kernel has its own order of the words.
struct Pads256 {
    alignas(64) std::uint32_t inner[kLanes][8];
    alignas(64) std::uint32_t outer[kLanes][8];
};

// A message behind a padded secret, with its own padding.
struct Message256 {
    explicit Message256(std::string_view text);
    std::size_t blocks = 0;
    std::vector<unsigned char> octets;   // blocks * 64
    std::vector<std::uint32_t> schedule; // blocks * 64: the expanded words with the round constants added
};

struct Kernel256 {
    void (*prepare)(const Secrets256& secrets, Pads256& out);
    // The first word of each result, as a number.
    void (*first_words)(const Pads256& pads, const Message256& message, std::array<std::uint32_t, kLanes>& out);
};

// With OpenSSL's block function, which knows every processor.
const Kernel256& portable_kernel256();
// With the SHA extensions of x86-64; nullptr where the processor has none.
const Kernel256* native_kernel256();
// The faster one that is there.
const Kernel256& kernel256();

alignas(64) extern const std::array<std::uint32_t, 64> kRounds256; // FIPS 180-4 section 4.2.2

} // namespace jwtdomain::crack
