#include "cli/explain/rule_examples.h"

namespace jwtdomain::cli {
namespace {

using In = RuleExample::In;

const std::vector<RuleExample>& table() {
    static const std::vector<RuleExample> examples{
        {"AUD-03", In::domain, "audiences", "[https://api.prod.example]"},
        {"CLM-01", In::domain, "domain", "pr0d"},
        {"ISS-07", In::domain, "issuer", "https://auth.prod.example/"},
        {"ISS-08", In::domain, "issuer", "https://auth.prod.example"},
        {"KEY-01", In::domain, "jwks", "jwks/prod.json"},
        {"KEY-07", In::key_set, "\"d\"", "\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\""}, // RFC 8037, appendix A.1
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

std::vector<Field> clean_key() {
    return {{"\"kty\"", "\"OKP\""},
            {"\"crv\"", "\"Ed25519\""},
            {"\"kid\"", "\"staging-1\""},
            {"\"x\"", "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""}};
}

std::vector<Field> with(std::vector<Field> fields, const RuleExample& example) {
    for (Field& field : fields) {
        if (field.name != example.field) continue;
        field.value = example.value;
        return fields;
    }
    fields.push_back({std::string(example.field), std::string(example.value)});
    return fields;
}

std::string yaml_of(const std::vector<Field>& fields) {
    std::string text;
    for (const Field& field : fields) text += (text.empty() ? "" : "\n") + field.name + ": " + field.value;
    return text;
}

std::string key_set_of(const std::vector<Field>& key) {
    std::string text = "{\"keys\": [{\n";
    for (const Field& field : key)
        text += "  " + field.name + ": " + field.value + (&field == &key.back() ? "\n" : ",\n");
    return text + "}]}";
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
    if (example->in == In::key_set) {
        return {{"jwks/staging.json", key_set_of(clean_key()), key_set_of(with(clean_key(), *example))}};
    }
    const std::string prod = yaml_of(clean_domain("prod")), staging = yaml_of(clean_domain("staging"));
    return {{"domains/prod.yaml", prod, prod},
            {"domains/staging.yaml", staging, yaml_of(with(clean_domain("staging"), *example))}};
}

std::vector<std::string> rule_example_gives(std::string_view id) {
    std::vector<std::string> rules{std::string(id)};
    if (const RuleExample* const example = find(id))
        rules.insert(rules.end(), example->also.begin(), example->also.end());
    return rules;
}

} // namespace jwtdomain::cli
