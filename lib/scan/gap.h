// What was not looked at, and why.
#pragma once

#include <cstdint>
#include <string_view>

#include "jwtdomain/base/result.h"

namespace jwtdomain::scan {

// Why something was not read, or not to its end. What came before is looked at all the same.
enum class Gap : std::uint8_t {
    unreadable,  // detail: what the system says
    special,     // a pipe, a socket, a device
    too_deep,    // below WalkOptions::depth
    cut,         // it was smaller when it was read than when it was opened
    broken,      // an archive, or what was compressed, is damaged or breaks off
    encrypted,   // a member of an archive, or all of it
    limit,       // a limit of ContentOptions was met
    git,         // a repository, or an object of it; detail: what is wrong
    unsupported, // what it was packed by is not known here, or the library for it is not installed
};
std::string_view name_of(Gap gap); // "unreadable"

// What a fault of reading or unpacking is in a report.
Gap gap_of(Fault fault);

} // namespace jwtdomain::scan
