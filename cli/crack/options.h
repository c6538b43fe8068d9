// What `crack` takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace jwtdomain::cli {

struct CrackOptions {
    std::optional<std::string> token, input, out, resume, jobs, export_to;
    std::vector<std::string> wordlists;
    bool foreign = false, mutate = false;
};

} // namespace jwtdomain::cli
