// Numbers as options take them.
#pragma once

#include <cstddef>
#include <string>

#include "jwtdomain/base/result.h"

namespace jwtdomain::cli {

// In decimal, from 1 to `most`. Faults: usage, naming the option.
Result<std::size_t> parse_number(const std::string& text, const char* option, std::size_t most);

} // namespace jwtdomain::cli
