// URIs, as far as two of them are compared (RFC 3986 section 6).
#pragma once

#include <string>
#include <string_view>

namespace jwtdomain {

// An absolute URI with scheme and host in lower case, without the port that goes without saying and without a slash at
// its end (RFC 3986 sections 6.2.2 and 6.2.3).
std::string normal_uri(std::string_view uri);

} // namespace jwtdomain
