// Whole files of the examples of rules that one changed line cannot show: key sets, and tokens as they decode.
#pragma once

#include <string_view>
#include <vector>

#include "cli/explain/page.h"

namespace jwtdomain::cli {

struct RuleFile {
    std::string_view rule, path, good, bad; // bad is empty where it is as the good one
};

// In the order of their paths. "tokens/NAME.json" is a token, {"header": {...}, "claims": {...}}, which audit is given
// with --token.
std::vector<ExampleText> rule_files(std::string_view rule);

} // namespace jwtdomain::cli
