// Examples of rules, as data: two domains that are clean, and the line by which a rule fires. The tests prove that
// `init` refuses those of a domain or key set, and that `audit` finds exactly what is listed in those of an estate.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/explain/page.h"

namespace jwtdomain::cli {

struct RuleExample {
    enum class In : std::uint8_t {
        domain,           // refused by init: the second domain
        key_set,          // its key set
        probed,           // what runs shows it, and no file does
        audited_policy,   // found by audit: a line of policy.yaml
        audited_domain,   // of the second domain
        audited_verifier, // of the verifier that guards it
        audited_path,     // of that one's path
        audited_key_set,  // a member of its key
        audited_files,    // whole files (rule_files.h), and nothing else
    };
    std::string_view rule;
    In in;
    std::string_view field = {}, value = {};               // replaced, or added; taken out where the value is empty
    std::vector<std::string_view> also = {};               // rules that follow from the same defect
    std::string_view second_field = {}, second_value = {}; // a further line of the same place, if one does not do
};

std::span<const RuleExample> rule_examples(); // one for each rule, in the order of the rules

// The files that matter, good and bad: domains/prod.yaml and domains/staging.yaml, or jwks/staging.json. Empty if there
// is no such rule.
std::vector<ExampleText> rule_example(std::string_view id);

// All files of an example that `audit` is to find something in, by path below the policy's directory.
std::vector<ExampleText> audited_files(const RuleExample& example);
inline bool is_audited(const RuleExample& example) { return example.in >= RuleExample::In::audited_policy; }

std::vector<std::string> rule_example_gives(std::string_view id);

} // namespace jwtdomain::cli
