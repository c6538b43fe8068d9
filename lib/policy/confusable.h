// What looks alike. Two names, issuers or audiences with the same skeleton are too near to tell two domains apart:
// people mix them up, and so do verifiers that compare in some other way than octet by octet.
#pragma once

#include <string>
#include <string_view>

namespace jwtdomain::policy {

// Of a domain name: '0' is 'o', '1' is 'l', '.' and '_' are '-', "rn" is 'm', "vv" is 'w'.
std::string name_skeleton(std::string_view name);

// Of an issuer or audience: case, http for https, the default port, percent-encoding of what needs none, '.' segments
// and slashes at the end make no difference; neither do letters of Latin, Greek and Cyrillic that look the same
// (Unicode UTS 39 calls them confusable), in UTF-8, percent-encoded or as an IDN label (RFC 3492), nor characters that
// cannot be seen.
std::string uri_skeleton(std::string_view uri);

// The label after "xn--", as UTF-8; empty if it is not valid Punycode.
std::string decode_punycode(std::string_view label);

} // namespace jwtdomain::policy
