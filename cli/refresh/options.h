// What `jwtdomain refresh` takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/issue/options.h"

namespace jwtdomain::cli {

struct RefreshOptions : SigningOptions {
    std::vector<std::string> words; // a token's place; or list; or show FAMILY
    std::optional<std::string> domain, client, subject;
    std::vector<std::string> audiences, scopes;
    std::optional<std::string> ttl;
    std::optional<std::string> dpop_key, dpop_proof, endpoint;
    std::optional<std::string> input;
    bool store_check = false;
};

} // namespace jwtdomain::cli
