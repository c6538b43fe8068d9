#include "cli/explain/rule_examples.h"

#include <algorithm>

#include "cli/explain/rule_files.h"

namespace jwtdomain::cli {
namespace {

using In = RuleExample::In;

const std::vector<RuleExample>& table() {
    static const std::vector<RuleExample> examples{
        {"ALG-01", In::audited_path, "dialect", "{none: accepted}"},
        {"ALG-02", In::audited_path, "algorithms", "[ES256, HS256]"},
        {"ALG-03", In::audited_path, "algorithms", "", {"KEY-10"}},
        {"ALG-04", In::audited_path, "keys", "\"{jku}\""},
        {"ALG-05", In::audited_path, "keys", "\"{iss}/jwks.json\"", {"ISS-01"}, "issuer", "any"},
        {"ALG-06", In::audited_key_set, "\"kid\"", "\"../../dev/null\""},
        {"ALG-07", In::audited_path, "dialect", "{crit: ignored}"},
        {"ALG-08", In::audited_files},
        {"ALG-09", In::audited_path, "dialect", "{encryption: accepted}"},
        {"ALG-10", In::audited_files},
        {"ALG-11", In::probed},
        {"ALG-12", In::audited_path, "keys", "\"https://public-keys.auth.elb.eu-west-1.amazonaws.com/{kid}\""},
        {"AUD-01", In::audited_path, "audience", "any"},
        {"AUD-02", In::audited_path, "audience", "{any_of: [https://api.staging.example], optional: true}"},
        {"AUD-03", In::domain, "audiences", "[https://api.prod.example]"},
        {"AUD-04", In::audited_path, "audience", "{all_of: [https://api.staging.example, https://api.prod.example]}"},
        {"AUD-05", In::audited_domain, "audiences", "[staging]"},
        {"AUD-06", In::audited_path, "audience", "[{prefix: \"https://api.staging.example\"}]"},
        {"CLM-01", In::domain, "domain", "pr0d"},
        {"CLM-02", In::audited_verifier, "unsigned", "[{from: header, name: X-Domain, decides: domain}]"},
        {"CLM-03",
         In::audited_path,
         "principal",
         "[email]",
         {},
         "issuer",
         "[https://auth.staging.example, https://old.staging.example]"},
        {"CLM-04",
         In::audited_path,
         "issuer",
         "[https://auth.staging.example, https://old.staging.example]",
         {},
         "claims",
         "{domain: staging, sub: orders}"},
        {"CLM-05", In::audited_path, "issuer",
         "[https://auth.staging.example, https://token.actions.githubusercontent.com]"},
        {"CLM-06", In::audited_path, "claims", "{domain: {in: [staging], optional: true}}"},
        {"CLM-07", In::audited_path, "claims", "{domain: staging, scp: {has_any: [read]}}"},
        {"CLM-08", In::audited_domain, "resources",
         "[{uri: https://api.staging.example/orders, methods: {GET: [orders:read]}}]"},
        {"ISS-01", In::audited_path, "issuer", "any"},
        {"ISS-02", In::audited_path, "issuer", "{prefix: \"https://auth.staging.example\"}"},
        {"ISS-03", In::audited_path, "issuer", "[https://auth.staging.example, https://auth.prod.example]"},
        {"ISS-04", In::audited_path, "keys", "[jwks/staging.json, jwks/prod.json]", {"JWK-02"}},
        {"ISS-05", In::audited_path, "dialect", "{issuer_array: accepted}"},
        {"ISS-06",
         In::audited_path,
         "issuer",
         "{glob: \"https://auth.staging.example/*\"}",
         {"ISS-02"},
         "claims",
         "{role: reader}"},
        {"ISS-07", In::domain, "issuer", "https://auth.prod.example/"},
        {"ISS-08", In::domain, "issuer", "https://auth.prod.example"},
        {"ISS-09", In::audited_verifier, "unknown_issuer", "anonymous"},
        {"JWK-01", In::audited_files},
        {"JWK-02", In::audited_path, "keys", "[jwks/staging.json, jwks/prod.json]", {"ISS-04"}},
        {"JWK-03", In::audited_path, "keys", "[jwks/staging.json, jwks/staging-before.json]"},
        {"JWK-04", In::audited_path, "keys", "http://auth.staging.example/jwks.json"},
        {"JWK-05", In::audited_path, "keys",
         "{jwks: jwks/staging.json, metadata_issuer: https://auth.staging.example/}"},
        {"JWK-06", In::audited_key_set, "\"issuer\"", "\"https://login.example/tenant-7/v2.0\""},
        {"JWK-07", In::audited_path, "kid", "hint"},
        {"KEY-01", In::domain, "jwks", "jwks/prod.json"},
        {"KEY-02", In::audited_files, {}, {}, {"KEY-07"}},
        {"KEY-03", In::audited_key_set, "\"kid\"", "\"prod-1\""},
        {"KEY-04", In::audited_files},
        {"KEY-05", In::audited_files},
        {"KEY-06", In::audited_files, {}, {}, {"KEY-07"}},
        {"KEY-07", In::key_set, "\"d\"", "\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\""}, // RFC 8037, appendix A.1
        {"KEY-08", In::audited_files},
        {"KEY-09", In::audited_key_set, "\"exp\"", "1600000000"},
        {"KEY-10", In::audited_files},
        {"LIF-01", In::audited_path, "longest_life", "1h"},
        {"LIF-02", In::audited_path, "leeway", "1h"},
        {"LIF-03", In::audited_domain, "sender_constraint", "dpop"},
        {"LIF-04", In::audited_domain, "issue", "{audiences: any}"},
        {"PAR-01", In::audited_path, "dialect", "{duplicates: last}"},
        {"PAR-02", In::audited_path, "dialect", "{base64: lenient}"},
        {"REF-01", In::audited_domain, "refresh", "{mode: rotate}"},
        {"REF-02", In::audited_domain, "refresh", "{mode: rotate, grace: 5m}", {}, "clients", "{app: {type: public}}"},
        {"REF-03",
         In::audited_domain,
         "refresh",
         "{mode: rotate, absolute: 365d}",
         {},
         "clients",
         "{app: {type: public}}"},
        {"RUN-01", In::probed},
        {"RUN-02", In::audited_files, {}, {}, {"ISS-03", "JWK-02"}},
        {"RUN-03", In::audited_path, "keys", "none", {"ALG-01"}},
        {"RUN-04", In::audited_files},
        {"RUN-05", In::audited_verifier, "unsigned", "[{from: header, name: X-User, decides: subject}]"},
        {"TYP-01", In::audited_path, "types", "any"},
        {"TYP-02", In::audited_path, "types", "[at+jwt, logout+jwt]"},
        {"TYP-03", In::audited_path, "dialect", "{json: accepted}"},
    };
    return examples;
}

struct Field {
    std::string name, value;
};
using Fields = std::vector<Field>;

// What the two key sets of audited estates hold: nobody has the private halves.
constexpr std::string_view kPublic[][2] = {
    {"\"pTceMW-Bsgx54GgM2tVjRACU9ND21qFzdV4FKLEt85Q\"", "\"AZuq_s8m0knNB_w6bMaqtdellXebTIl5lZRPQWgpvhU\""},
    {"\"pRtV0dmaQxvQvX2I3ZEsTxy7Eai1zfWl6qFdOjYOITc\"", "\"XjDmwT-NM5t83sRu-oYpPgVijf05JjrR80huAGX7tsQ\""}};

Fields clean_domain(const std::string& name) {
    return {{"domain", name},
            {"issuer", "https://auth." + name + ".example"},
            {"audiences", "[https://api." + name + ".example]"},
            {"jwks", "jwks/" + name + ".json"}};
}

Fields audited_key(const std::string& name) {
    const auto& [x, y] = kPublic[name == "prod" ? 0 : 1];
    return {{"\"kty\"", "\"EC\""},    {"\"crv\"", "\"P-256\""},  {"\"kid\"", '"' + name + "-1\""},
            {"\"alg\"", "\"ES256\""}, {"\"x\"", std::string(x)}, {"\"y\"", std::string(y)}};
}

Fields clean_path(const std::string& name) {
    return {{"keys", "jwks/" + name + ".json"},
            {"issuer", "https://auth." + name + ".example"},
            {"audience", "[https://api." + name + ".example]"},
            {"types", "[at+jwt]"},
            {"algorithms", "[ES256]"},
            {"expiry", "required"},
            {"longest_life", "10m"},
            {"claims", "{domain: " + name + "}"}};
}

Fields clean_key() {
    return {{"\"kty\"", "\"OKP\""},
            {"\"crv\"", "\"Ed25519\""},
            {"\"kid\"", "\"staging-1\""},
            {"\"x\"", "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""}};
}

// A line that is replaced, added, or taken out where the value is empty.
void put(Fields& fields, std::string_view name, std::string_view value) {
    const auto at = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
    if (at == fields.end())
        fields.push_back({std::string(name), std::string(value)});
    else if (value.empty())
        fields.erase(at);
    else
        at->value = value;
}

Fields with(Fields fields, const RuleExample& example) {
    put(fields, example.field, example.value);
    if (!example.second_field.empty()) put(fields, example.second_field, example.second_value);
    return fields;
}

std::string yaml_of(const Fields& fields) {
    std::string text;
    for (const Field& field : fields) text += (text.empty() ? "" : "\n") + field.name + ": " + field.value;
    return text;
}

std::string key_set_of(const Fields& key) {
    std::string text = "{\"keys\": [{\n";
    for (const Field& field : key)
        text += "  " + field.name + ": " + field.value + (&field == &key.back() ? "\n" : ",\n");
    return text + "}]}";
}

std::string verifier_of(const std::string& name, const Fields& path, const Fields& further = {}) {
    std::string text = "\n  - domain: " + name;
    for (const Field& field : further) text += "\n    " + field.name + ": " + field.value;
    text += "\n    accepts:";
    for (const Field& field : path)
        text += (&field == &path.front() ? "\n      - " : "\n        ") + field.name + ": " + field.value;
    return text;
}

// policy.yaml, with the one line changed that the example has there, if it has.
std::string policy_of(const RuleExample* example) {
    Fields head{{"version", "1"}};
    Fields path = clean_path("staging");
    if (example && example->in == In::audited_policy) head = with(head, *example);
    if (example && example->in == In::audited_path) path = with(path, *example);
    Fields further;
    if (example && example->in == In::audited_verifier) further = with(further, *example);
    return yaml_of(head) + "\nverifiers:" + verifier_of("prod", clean_path("prod")) +
           verifier_of("staging", path, further);
}

// Lines that fit a page: of a modulus the beginning is enough to look at.
std::string shortened(std::string_view text) {
    constexpr std::size_t kWidest = 70, kKept = 40;
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        out += line.size() > kWidest ? std::string(line.substr(0, kKept)) + "...\"," : std::string(line);
        if (end < text.size()) out += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

const RuleExample* find(std::string_view id) {
    for (const RuleExample& example : table()) {
        if (example.rule == id) return &example;
    }
    return nullptr;
}

} // namespace

std::span<const RuleExample> rule_examples() { return table(); }

std::vector<ExampleText> audited_files(const RuleExample& example) {
    const Fields domain = clean_domain("staging"), key = audited_key("staging");
    const std::string prod = yaml_of(clean_domain("prod")), prod_keys = key_set_of(audited_key("prod"));
    std::vector<ExampleText> files{{"policy.yaml", policy_of(nullptr), policy_of(&example)},
                                   {"domains/prod.yaml", prod, prod},
                                   {"domains/staging.yaml", yaml_of(domain),
                                    yaml_of(example.in == In::audited_domain ? with(domain, example) : domain)},
                                   {"jwks/prod.json", prod_keys, prod_keys},
                                   {"jwks/staging.json", key_set_of(key),
                                    key_set_of(example.in == In::audited_key_set ? with(key, example) : key)}};
    for (ExampleText& file : rule_files(example.rule)) {
        const auto named = [&](const ExampleText& there) { return there.title == file.title; };
        const auto there = std::find_if(files.begin(), files.end(), named);
        if (there == files.end())
            files.push_back(std::move(file));
        else
            *there = std::move(file);
    }
    return files;
}

std::vector<ExampleText> rule_example(std::string_view id) {
    const RuleExample* const example = find(id);
    if (!example || example->in == In::probed) return {};
    if (is_audited(*example)) {
        const std::vector<ExampleText> whole = rule_files(id);
        std::vector<ExampleText> shown; // what changes, and whole files, which the change needs
        for (const ExampleText& file : audited_files(*example)) {
            const auto named = [&](const ExampleText& other) { return other.title == file.title; };
            if (file.good == file.bad && std::none_of(whole.begin(), whole.end(), named)) continue;
            shown.push_back({file.title, shortened(file.good), shortened(file.bad)});
        }
        return shown;
    }
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
