// Tokens that everybody has read: the examples of RFCs and of jwt.io. By the hash of the whole token: a token that only
// has the same header, or the same claims, is none of them.
#pragma once

#include <string_view>

namespace jwtdomain::scan {

struct Example {
    std::string_view digest; // SHA-256 of the token, in hexadecimal
    std::string_view source; // where it stands
};

const Example* find_example(std::string_view token);            // null: it is none
const Example* find_example_by_digest(std::string_view digest); // the 32 octets of its SHA-256

} // namespace jwtdomain::scan
