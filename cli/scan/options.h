// What `scan` takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace jwtdomain::cli {

struct ScanWords {
    std::vector<std::string> paths, exclude;
    std::optional<std::string> only, fail_on, max_depth, max_window, max_unpacked;
    bool strict = false, loose = false, reveal = false;
};

} // namespace jwtdomain::cli
