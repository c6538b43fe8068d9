// The fast part of base64url decoding, where the processor has AVX2. Internal to base64url.cpp.
#pragma once

#include <cstddef>

namespace jwtdomain {

// Decodes as many whole groups of 32 characters from the front as it can without writing beyond `room` octets at `to`,
// and stops before the first group with a character outside the alphabet. Gives the number of characters taken, a
// multiple of 32; each 32 become 24 octets.
using Base64Kernel = std::size_t (*)(const unsigned char* from, std::size_t size, char* to, std::size_t room);

// The kernel for this processor, or nullptr.
Base64Kernel base64url_kernel();

} // namespace jwtdomain
