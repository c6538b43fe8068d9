// The tables of `explain probe`; the kinds of tokens come from the table of the probe itself.
#pragma once

#include <vector>

#include "cli/explain/page.h"

namespace jwtdomain::cli {

std::vector<PageTable> probe_tables();

} // namespace jwtdomain::cli
