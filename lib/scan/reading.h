// Reading the token that begins at a place of a text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "jwtdomain/scan/repair.h"

namespace jwtdomain::scan {

enum class Form : std::uint8_t {
    jws,
    detached, // a JWS whose payload is elsewhere
    sd_jwt,
    jwe,
};

// Whether it can be used as it was found.
enum class Condition : std::uint8_t {
    whole,
    truncated, // it breaks off
    scrubbed,  // something stands in the place of its signature, or nothing does
};
std::string_view name_of(Condition condition); // "whole"

// How much is undone of what was done to a token's characters.
enum class Effort : std::uint8_t {
    strict, // nothing
    normal,
    loose, // also blanks, and what else stands for nothing by a stretch
};

struct Reading {
    enum class Outcome : std::uint8_t {
        nothing,
        more, // the text ends too early to tell
        token,
    };
    Outcome outcome = Outcome::nothing;
    std::size_t end = 0; // in the text that it was read from
    std::string_view token =
        {}; // in compact serialization, with dots and base64url alone. Valid until the next reading
    Form form = Form::jws;
    Condition condition = Condition::whole;
    bool glued = false; // characters of base64 follow that do not belong to it
    Repairs repairs = {};
};

} // namespace jwtdomain::scan
