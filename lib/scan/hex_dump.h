// Hexadecimal text of all kinds: plain, with separators, and the dumps of xxd, hexdump and od.
// Internal: not installed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "jwtdomain/scan/decode.h"

namespace jwtdomain::scan {

// Appends octets, the first of which is the anchor's, before or at text[at]; none if it is not there.
Decoding decode_hex(std::string_view text, std::size_t at, std::size_t most, std::string& out);

} // namespace jwtdomain::scan
