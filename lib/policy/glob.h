// The patterns of `include`, matched without a file system.
#pragma once

#include <string_view>

namespace jwtdomain::policy {

// '*' and '?' stay inside a name, "**/" is any number of directories. Names that begin with '.' are only matched by
// such patterns.
bool glob_matches(std::string_view pattern, std::string_view path);

} // namespace jwtdomain::policy
