// What `jwtdomain keygen` takes.
#pragma once

#include <optional>
#include <string>

#include "cli/keygen/generate.h"

namespace jwtdomain::cli {

struct KeygenOptions {
    std::optional<std::string> domain, out, from, kid, passphrase, from_passphrase;
    KeyWish wish;
    bool public_only = false;
};

} // namespace jwtdomain::cli
