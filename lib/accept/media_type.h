// Comparing the values of `typ` (RFC 7515 section 4.1.9).
#pragma once

#include <string>
#include <string_view>

namespace jwtdomain::accept {

// Case does not count, and a type without '/' is short for one with "application/" before it.
bool same_media_type(std::string_view a, std::string_view b);
std::string plain_media_type(std::string_view type); // the same for all that are so

bool equal_ignoring_case(std::string_view a, std::string_view b); // of ASCII letters

} // namespace jwtdomain::accept
