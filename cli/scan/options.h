// What `scan` takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/triage/sources.h"

namespace jwtdomain::cli {

struct ScanWords {
    std::vector<std::string> paths, exclude;
    std::optional<std::string> only, fail_on, max_depth, jwks, max_window, max_unpacked, since, shard, baseline,
        write_baseline, owner, recover, jobs;
    TriageSources sources;
    bool strict = false, loose = false, reveal = false, staged = false, across = false, derive_keys = false;
};

} // namespace jwtdomain::cli
