#include "cli/explain/rule_examples.h"

namespace jwtdomain::cli {
namespace {

const std::vector<RuleExample>& table() {
    static const std::vector<RuleExample> examples{
        {"AUD-03", "audiences", "[https://api.prod.example]"},
        {"CLM-01", "domain", "pr0d"},
        {"ISS-07", "issuer", "https://auth.prod.example/"},
        {"ISS-08", "issuer", "https://auth.prod.example"},
        {"KEY-01", "jwks", "jwks/prod.json"},
    };
    return examples;
}

struct Field {
    std::string name, value;
};

std::vector<Field> clean_domain(const std::string& name) {
    return {{"domain", name},
            {"issuer", "https://auth." + name + ".example"},
            {"audiences", "[https://api." + name + ".example]"},
            {"jwks", "jwks/" + name + ".json"}};
}

std::string text_of(const std::vector<Field>& fields) {
    std::string text;
    for (const Field& field : fields) text += (text.empty() ? "" : "\n") + field.name + ": " + field.value;
    return text;
}

const RuleExample* find(std::string_view id) {
    for (const RuleExample& example : table()) {
        if (example.rule == id) return &example;
    }
    return nullptr;
}

} // namespace

std::span<const RuleExample> rule_examples() { return table(); }

std::vector<ExampleText> rule_example(std::string_view id) {
    const RuleExample* const example = find(id);
    if (!example) return {};
    std::vector<Field> bad = clean_domain("staging");
    for (Field& field : bad) {
        if (field.name == example->field) field.value = example->value;
    }
    const std::string prod = text_of(clean_domain("prod"));
    return {{"domains/prod.yaml", prod, prod},
            {"domains/staging.yaml", text_of(clean_domain("staging")), text_of(bad)}};
}

std::vector<std::string> rule_example_gives(std::string_view id) {
    std::vector<std::string> rules{std::string(id)};
    if (const RuleExample* const example = find(id))
        rules.insert(rules.end(), example->also.begin(), example->also.end());
    return rules;
}

} // namespace jwtdomain::cli
