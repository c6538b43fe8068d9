// The tables of `explain crack`; what is tried without a list comes from the tables that are tried.
#pragma once

#include <vector>

#include "cli/explain/topics.h"

namespace jwtdomain::cli {

std::vector<PageTable> crack_tables();

} // namespace jwtdomain::cli
