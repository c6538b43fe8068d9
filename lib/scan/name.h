// What a found token is called in reports.
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/scan/reading.h"

namespace jwtdomain::scan {

// SHA-256, in hexadecimal, of what is signed, as jwt/token.h has it: of a JWE all but the authentication tag, of an
// SD-JWT the signed part alone. Of a detached JWS, whose payload is elsewhere, it names the header alone.
std::string fingerprint_of(std::string_view token, Form form);

// The token without what makes it valid: everything before its last part, for looking at it.
std::string_view signing_input_of(std::string_view token, Form form);

} // namespace jwtdomain::scan
