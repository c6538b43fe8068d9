// What two RSASSA-PKCS1-v1_5 signatures of one key give away: its public half.
#pragma once

#include <optional>
#include <string_view>

#include "jwtdomain/base/result.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain {

struct RsaSignature {
    unsigned hash_bits;                 // 256, 384 or 512: of RS256, RS384, RS512
    std::string_view digest, signature; // of the same size each, if they are of one key
};

// A signature s of the message m has s^e = EM(m) modulo n, with EM the encoding of its digest (RFC 8017 sections 8.2.2
// and 9.2), so n divides the greatest common divisor of s1^e - EM(m1) and s2^e - EM(m2). What it is multiplied with
// there is small, and is taken out. The key is given only if both signatures are good under it. A candidate it is all
// the same: whoever made both tokens can have chosen them so. PSS (PS256 and so on) is randomised, and gives nothing
// away.
//
// With e = 3 this takes milliseconds; with 65537 and 2048 bits the numbers have 134 million bits: about a minute
// and 160 MB, which cannot be stopped. nullopt: they are of different keys, or of another exponent. Faults: usage (no
// sizes that RSA has), unsupported (no GMP).
Result<std::optional<PublicNumbers>> rsa_key_of(const RsaSignature& a, const RsaSignature& b, unsigned exponent);

// Is the signature good under this key, whatever its size and exponent are? False also where there is no GMP.
bool is_signed_with(const PublicNumbers& key, const RsaSignature& signature);

} // namespace jwtdomain
