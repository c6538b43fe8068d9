// Finding the token in what a person pasted: a header field, a cookie, a URL, a JSON document, a wrapped line, a base64
// value out of a Kubernetes secret. For looking at tokens; what verifies takes a token and nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"

namespace jwtdomain {

// What stood around the token.
enum class Wrapping : std::uint8_t {
    byte_order_mark, // of UTF-8
    utf16,
    base64,
    url_encoded,
    wrapped_lines, // white space inside
    header_field,  // detail: its name, "Authorization"
    scheme,        // detail: "Bearer", "DPoP"
    cookie,        // detail: its name
    parameter,     // of a URL or form; detail: its name
    json_member,   // detail: its name
    quotes,
    leading_junk, // detail: how many octets
    trailing_junk,
};

struct Seen {
    Wrapping wrapping;
    std::string detail; // untrusted; may be empty
};

// "a cookie named session", for people. The detail is escaped.
std::string describe(const Seen& seen);
std::string_view name_of(Wrapping wrapping); // "cookie"

struct Unwrapped {
    enum class Form : std::uint8_t {
        compact, // dots, or what is left of such a token
        json,    // JWS or JWE in JSON serialization
        refresh, // a refresh token of jwtdomain: nothing in it can be read
    };
    std::string token;
    Form form = Form::compact;
    std::vector<Seen> seen; // from the outside in
    std::size_t more = 0;   // further tokens in the input
};

// Faults: no_input (nothing but white space), invalid (nothing token-like; the hint says what it is instead, where that
// can be said). Takes time in proportion to the input; unwraps at most four layers.
Result<Unwrapped> unwrap_token(std::string_view input);

} // namespace jwtdomain
