// Where a token ends: what its algorithm says about the length of its last part.
// Internal: not installed.
#pragma once

#include "jwtdomain/scan/header.h"
#include "jwtdomain/scan/reading.h"

namespace jwtdomain::scan {

struct RightEnd {
    std::size_t size = 0; // characters of the run that belong to the token
    Condition condition = Condition::whole;
    bool glued = false;
};

// `run`: the characters that stand in the place of a part of these lengths, up to the first that is none.
// `exact`: what was read is a guess: nothing may follow.
RightEnd right_end(const Lengths& lengths, std::string_view run, bool exact = false);

// A part in base64url: is it a JSON object, and does it begin as one (whatever follows)?
bool is_json_object(std::string_view part);
bool begins_json_object(std::string_view part);
// A disclosure of an SD-JWT (RFC 9901 section 4.2).
bool is_disclosure(std::string_view part);

} // namespace jwtdomain::scan
