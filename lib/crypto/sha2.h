// SHA-2 and HMAC over it, at the speed of the block function: what is prepared once per key is only copied for each
// message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace jwtdomain::sha2 {

constexpr std::size_t kMaxDigest = 64;

// SHA-256, SHA-384 or SHA-512 by its number of bits (no other number). Writes bits / 8 octets to `out` and returns how
// many.
std::size_t digest(unsigned bits, std::string_view octets, unsigned char* out);

// Octets of one block of the hash: 64 or 128.
std::size_t block_size(unsigned bits);

// The SHA-256 of what HMAC with that hash makes of a secret (RFC 2104 section 2): longer than a block, it is hashed;
// trailing zeros are padding. Equal exactly for secrets that this HMAC cannot tell apart. As secret as the secret.
std::string hmac_identity(unsigned bits, std::string_view secret);

// HMAC (RFC 2104) under one secret. Holds the two states that follow the padded key and wipes them when it goes.
class Hmac {
public:
    Hmac(unsigned bits, std::string_view secret);
    Hmac(const Hmac&) = delete;
    Hmac& operator=(const Hmac&) = delete;
    ~Hmac();

    // Writes bits / 8 octets to `out` and returns how many.
    std::size_t mac(std::string_view message, unsigned char* out) const;

private:
    static constexpr std::size_t kStateSize = 224; // room for OpenSSL's SHA512_CTX
    unsigned bits_;
    alignas(8) unsigned char inner_[kStateSize];
    alignas(8) unsigned char outer_[kStateSize];
};

} // namespace jwtdomain::sha2
