// Tokens in JSON serialization (RFC 7515 section 7.2, RFC 7516 section 7.2), around the protected header that gave one
// away.
// Internal: not installed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/scan/reading.h"

namespace jwtdomain::scan {

struct JsonToken {
    std::string token; // as it is in compact serialization
    Form form = Form::jws;
    Condition condition = Condition::whole;
};

struct JsonReading {
    Reading::Outcome outcome = Reading::Outcome::nothing;
    std::size_t begin = 0, end = 0;     // of the object, in the text
    std::vector<JsonToken> tokens = {}; // one for each signature
    std::uint64_t work = 0;             // octets that were looked at
};

// text[at] is the first character of what may be the value of "protected".
JsonReading read_json_token(std::string_view text, std::size_t at, bool last);

} // namespace jwtdomain::scan
