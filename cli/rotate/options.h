// What `jwtdomain rotate` takes.
#pragma once

#include <optional>
#include <string>

#include "cli/keygen/generate.h"

namespace jwtdomain::cli {

struct RotateOptions {
    std::optional<std::string> domain, public_key, reason;
    KeyWish wish;
    bool plan = false, simulate = false, emergency = false, now = false;
};

} // namespace jwtdomain::cli
