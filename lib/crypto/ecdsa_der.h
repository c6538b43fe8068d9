// The two forms of an ECDSA signature: r||s of JWS (RFC 7518 section 3.4) and Ecdsa-Sig-Value of OpenSSL (RFC 3279
// section 2.2.3).
// Internal: not installed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace jwtdomain::ecdsa {

constexpr std::size_t kMaxDer = 3 + 2 * (2 + 1 + 66); // P-521

// Writes the DER of `raw` (r||s of the same width) to `out`, which has room for kMaxDer octets; returns its size.
std::size_t to_der(std::string_view raw, unsigned char* out);

// r||s, each of `width` octets; empty if `der` is no such signature.
std::string to_raw(std::string_view der, std::size_t width);

} // namespace jwtdomain::ecdsa
