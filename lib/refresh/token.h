// Refresh tokens, as clients hold them: opaque to them, and known for what they are wherever they turn up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "jwtdomain/base/secret.h"

namespace jwtdomain::refresh {

constexpr std::size_t kFamilySize = 16, kSecretSize = 32; // octets
constexpr std::int64_t kMostGenerations = 1'000'000'000;
constexpr std::size_t kMaxRefreshToken = 512; // characters

// jdr1.DOMAIN.FAMILY.GENERATION.SECRET.CHECKSUM. A domain's name may have dots in it; the other parts have none, and
// are base64url, a decimal number, base64url, and the CRC-32 of all that stands before it (RFC 1952 section 8), in
// eight hexadecimal digits: so a scanner knows one without asking anybody.
struct RefreshToken {
    std::string domain;
    std::string family; // octets
    std::int64_t generation = 0;
    SecretBytes secret;
};

// As text. As secret as what is in it.
std::string format_token(const RefreshToken& token);

// nullopt unless it is exactly what format_token() gives.
std::optional<RefreshToken> parse_token(std::string_view text);

} // namespace jwtdomain::refresh
