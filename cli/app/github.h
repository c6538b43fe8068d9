// GitHub's workflow commands: an annotation beside the line at fault, in any job that prints them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/app/issues.h"

namespace jwtdomain::cli {

// An annotation for each, in their order, since GitHub shows the first ten errors and ten warnings of a step; behind
// them a notice with that title and text, which may have lines. Both are ours, or escaped.
std::string github_of(const std::vector<Issue>& issues, std::string_view title, const std::string& text);

} // namespace jwtdomain::cli
