// The command line's syntax, by CLI11; the only place that knows it.
#pragma once

#include <string>
#include <vector>

#include "cli/app/declaration.h"
#include "jwtdomain/base/result.h"

namespace jwtdomain::cli {

// Fills the targets of `declaration`. Faults: usage, with the nearest option as a hint.
Status parse(const Declaration& declaration, const std::string& command, const std::vector<std::string>& arguments);

} // namespace jwtdomain::cli
