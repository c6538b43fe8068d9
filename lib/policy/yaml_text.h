// Writing values into YAML text so that they are read back as the same strings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jwtdomain::policy {

// Plain where that is safe in every place, also inside [] and {}; else in double quotes with escapes.
std::string yaml_string(std::string_view text);

// "[a, b]"
std::string yaml_list(const std::vector<std::string>& texts);

} // namespace jwtdomain::policy
