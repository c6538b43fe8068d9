// Keys that can be computed or guessed: RSA moduli that share a prime or whose primes are too close (rule KEY-04), HMAC
// secrets that people made up (rule KEY-06).
//
// What PublicKey and HmacKey refuse already (small or even moduli, bad exponents, points off the curve, empty secrets)
// is not looked for again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/crypto/algorithm.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain::audit {

// Two indices of the argument: the greatest common divisor of these moduli is above 1, so that everybody can factor
// both.
struct SharedFactor {
    std::size_t modulus;
    std::size_t other; // the first of its value; another value than that of `modulus`
};

// The moduli, big-endian, that share a factor with another modulus, in order; one `other` for each. Equal moduli are
// one key, which is another finding: they are compared with the others only. Even ones are left out. Takes time nearly
// linear in the octets (10,000 of 2048 bits: 17 s of one core), and the octets times the logarithm of their number in
// memory.
std::vector<SharedFactor> shared_factors(std::span<const std::string> moduli);

// Whether Fermat's method factors the big-endian odd modulus within 2^16 steps, that is, whether it is the product of
// two numbers whose mean is within 2^16 of its square root. Takes about 0.2 ms.
bool fermat_close(std::string_view modulus);

// Whether the big-endian odd modulus is a prime, or has a prime factor below 2^16: then its factors are found at once.
bool easily_factored(std::string_view modulus);

// Of a PublicKey::identity(): whether its private half is one that somebody would try first: a small number, one octet
// over and over, octets that count, the digest of a common word. Never for RSA. Not from several threads at a time.
bool is_guessable(const std::string& identity);

enum class SecretWeakness : std::uint8_t {
    too_short, // fewer octets than the algorithm's hash (RFC 7518 section 3.2), zeros that HMAC adds itself not counted
    repetition, // a shorter text over and over, only a few different octets, or a sequence
    words,      // text that people made up: RFC 8725 section 3.5 bans it as a key
};

// Under which of them a secret is used: as the key says, else HS256.
Algorithm hmac_algorithm(const Jwk& key);

// The gravest weakness of a secret under HS256, HS384 or HS512. Repetitions and words are found behind hexadecimal and
// base64 too. Random octets, and random text however it is encoded, are not weak.
std::optional<SecretWeakness> weak_secret(std::string_view secret, Algorithm algorithm);

} // namespace jwtdomain::audit
