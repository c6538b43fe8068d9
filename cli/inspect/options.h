// What `inspect` takes.
#pragma once

#include <optional>
#include <string>

namespace jwtdomain::cli {

struct InspectOptions {
    std::optional<std::string> token;
    std::optional<std::string> get;
    bool header = false, claims = false, reveal = false;
};

} // namespace jwtdomain::cli
