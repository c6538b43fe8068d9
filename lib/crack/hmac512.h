// HMAC with SHA-384 and SHA-512 under many secrets, by OpenSSL's block function.
// Internal: not installed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace jwtdomain::crack {

constexpr std::size_t kBlock512 = 128;

// What follows the padded secret, inner and outer. `bits`: 384 or 512.
struct Pads512 {
    // The secret as HMAC takes it: zero-padded; a longer one hashed before.
    void prepare(unsigned bits, const unsigned char (&secret)[kBlock512]);
    std::uint64_t inner[8], outer[8];
};

// A message behind a padded secret, with its own padding.
struct Message512 {
    explicit Message512(std::string_view text);
    std::size_t blocks = 0;
    std::vector<unsigned char> octets;
};

// The first word of the result, as a number.
std::uint64_t first_word(unsigned bits, const Pads512& pads, const Message512& message);

} // namespace jwtdomain::crack
