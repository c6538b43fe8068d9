// Examples of rules, as data: two domains that are clean, and the lines of the second by which a rule fires. The tests
// load each as a policy.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/explain/page.h"

namespace jwtdomain::cli {

struct RuleExample {
    std::string_view rule;
    std::string_view field, value;           // of domains/staging.yaml, instead of the clean one
    std::vector<std::string_view> also = {}; // rules that follow from the same defect
};

std::span<const RuleExample> rule_examples(); // one for each rule, in the order of the rules

// domains/prod.yaml and domains/staging.yaml, good and bad. Empty if there is no such rule.
std::vector<ExampleText> rule_example(std::string_view id);
std::vector<std::string> rule_example_gives(std::string_view id);

} // namespace jwtdomain::cli
