#include "jwtdomain/scan/name.h"

#include "jwtdomain/jwt/sd_jwt.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::scan {

std::string_view signing_input_of(std::string_view token, Form form) {
    if (form == Form::sd_jwt) token = split_sd_jwt(token).jws;
    const std::size_t first = token.find('.');
    const std::size_t last = token.rfind('.');
    return first == last ? token : token.substr(0, last); // of two parts none is a signature
}

std::string fingerprint_of(std::string_view token, Form form) { return fingerprint(signing_input_of(token, form)); }

} // namespace jwtdomain::scan
