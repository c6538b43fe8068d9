// Decoding what an anchor is in, from the anchor on and no further than is needed.
// Internal: not installed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "jwtdomain/scan/anchor.h"

namespace jwtdomain::scan {

struct Decoding {
    std::size_t end = 0;     // in the text: behind the last character that was decoded
    bool cut = false;        // `most` octets are there, and it goes on
    bool to_the_end = false; // it goes up to the end of the text, where more may follow
};

// Appends at most `most` octets to `out`, which is emptied first; the first is the anchor's. The anchor, which is none
// of plain, escapes and gzip, stands at text[at].
Decoding decode(const Anchor& anchor, std::string_view text, std::size_t at, std::size_t most, std::string& out);

} // namespace jwtdomain::scan
