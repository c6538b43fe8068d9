// base64url without padding (RFC 4648 section 5, RFC 7515 section 2).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace jwtdomain {

enum class Base64Defect {
    none,
    character,    // an octet outside the alphabet
    padding,      // '=' where none is allowed
    length,       // 4n+1 characters encode nothing
    trailing_bits // the unused bits of the last character are not zero: another spelling of the same octets
};

std::string base64url_encode(std::string_view octets);
void base64url_append(std::string& out, std::string_view octets);

// Strict: exactly one spelling for each octet string. Replaces the content of `out`, keeps its capacity;
// `out` is unspecified unless the answer is none. `at`, if given, gets the offset of the first wrong character.
Base64Defect base64url_decode(std::string_view text, std::string& out, std::size_t* at = nullptr);

// Lenient, for looking at what is broken and for the dialects of other verifiers: takes both alphabets,
// padding, white space and non-zero trailing bits. False if it still cannot be decoded.
bool base64_decode_lenient(std::string_view text, std::string& out);

std::string base64_encode(std::string_view octets); // RFC 4648 section 4, padded

} // namespace jwtdomain
