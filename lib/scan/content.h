// Scanning the content of a file, whatever it was packed in.
#pragma once

#include <vector>

#include "jwtdomain/scan/stream.h"

namespace jwtdomain::scan {

// By its first octets: what is compressed as a whole is unpacked, as often as that was done (at most eight times), in
// memory that does not grow with it. Faults: those of the input, and of unpacking (invalid, limit); what was had before
// is looked at.
Result<StreamEnd> scan_content(Stream& stream, Input input);

} // namespace jwtdomain::scan
