// Examples of rules, as data: two domains that are clean, and the line of the second by which a rule fires. The tests
// prove that `init` refuses each.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/explain/page.h"

namespace jwtdomain::cli {

struct RuleExample {
    enum class In : std::uint8_t { domain, key_set };
    std::string_view rule;
    In in;
    std::string_view field, value;           // of domains/staging.yaml or jwks/staging.json; replaced, or added
    std::vector<std::string_view> also = {}; // rules that follow from the same defect
};

std::span<const RuleExample> rule_examples(); // one for each rule, in the order of the rules

// The files that matter, good and bad: domains/prod.yaml and domains/staging.yaml, or jwks/staging.json. Empty if there
// is no such rule.
std::vector<ExampleText> rule_example(std::string_view id);
std::vector<std::string> rule_example_gives(std::string_view id);

} // namespace jwtdomain::cli
