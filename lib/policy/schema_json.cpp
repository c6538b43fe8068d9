#include <nlohmann/json.hpp>

#include "jwtdomain/policy/schema.h"

namespace jwtdomain::policy::schema {

namespace {

using Json = nlohmann::ordered_json;

Json reference(const Object& object) { return {{"$ref", "#/$defs/" + std::string(object.name)}}; }

// Durations as base/time.h reads them.
constexpr const char* kSpanPattern = "^([0-9]+|(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?)$";
constexpr const char* kTimePattern = "^(@?[0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].*)?)$";

Json scalar_schema(const Shape& shape) {
    if (shape.only_words) {
        Json words = Json::array();
        for (const auto word : shape.words()) words.push_back(word);
        return {{"enum", words}};
    }
    switch (shape.scalar) {
    case Scalar::none: break;
    case Scalar::text: {
        Json text = {{"type", "string"}, {"minLength", 1}};
        if (!shape.noun.empty()) text["description"] = shape.noun;
        return text;
    }
    case Scalar::flag: return {{"type", "boolean"}};
    case Scalar::number: return {{"type", "integer"}};
    case Scalar::span:
        return {{"anyOf", {{{"type", "integer"}, {"minimum", 0}}, {{"type", "string"}, {"pattern", kSpanPattern}}}}};
    case Scalar::time: return {{"anyOf", {{{"type", "integer"}}, {{"type", "string"}, {"pattern", kTimePattern}}}}};
    case Scalar::value: return {{"type", {"string", "number", "boolean"}}};
    }
    return Json::object();
}

Json shape_schema(const Shape& shape) {
    Json ways = Json::array();
    if (shape.scalar != Scalar::none) ways.push_back(scalar_schema(shape));
    if (shape.element != nullptr) {
        Json list = {{"type", "array"}, {"items", shape_schema(*shape.element)}};
        if (shape.not_empty) list["minItems"] = 1;
        ways.push_back(std::move(list));
    }
    if (shape.object != nullptr) ways.push_back(reference(*shape.object));
    if (shape.entries != nullptr) {
        Json map = {{"type", "object"}, {"additionalProperties", shape_schema(*shape.entries)}};
        if (shape.names != nullptr) {
            Json names = Json::array();
            for (const auto name : shape.names()) names.push_back(name);
            map["propertyNames"] = {{"enum", names}};
        }
        ways.push_back(std::move(map));
    }
    if (ways.size() == 1) return ways.front();
    return {{"anyOf", std::move(ways)}};
}

Json object_schema(const Object& object) {
    Json properties = Json::object(), required = Json::array();
    for (const Field& field : object.fields) {
        Json property = shape_schema(field.shape);
        property["description"] = field.doc; // beside $ref, which draft 2020-12 allows
        properties[std::string(field.name)] = std::move(property);
        if (field.required) required.push_back(field.name);
    }
    Json schema = {{"type", "object"}, {"description", object.doc}, {"properties", std::move(properties)}};
    if (!required.empty()) schema["required"] = std::move(required);
    schema["additionalProperties"] = false;
    return schema;
}

Json root(std::string_view title) {
    return {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
}

void add_reachable(const Object& object, Json& definitions);

void add_reachable(const Shape& shape, Json& definitions) {
    if (shape.object != nullptr) add_reachable(*shape.object, definitions);
    if (shape.element != nullptr) add_reachable(*shape.element, definitions);
    if (shape.entries != nullptr) add_reachable(*shape.entries, definitions);
}

void add_reachable(const Object& object, Json& definitions) {
    const std::string name(object.name);
    if (definitions.contains(name)) return;
    definitions[name] = object_schema(object);
    for (const Field& field : object.fields) add_reachable(field.shape, definitions);
}

std::string text_of(const Json& schema) { return schema.dump(2) + "\n"; }

} // namespace

std::string policy_json_schema() {
    Json schema = root("jwtdomain policy: policy.yaml, or a domain file");
    schema["if"] = {{"required", {"domain"}}};
    schema["then"] = reference(domain_object());
    schema["else"] = reference(policy_object());
    Json definitions = Json::object();
    add_reachable(policy_object(), definitions);
    add_reachable(domain_object(), definitions);
    schema["$defs"] = std::move(definitions);
    return text_of(schema);
}

std::string verifier_json_schema() {
    Json schema = root("jwtdomain verifier in the normal form");
    schema["$ref"] = reference(verifier_object())["$ref"];
    Json definitions = Json::object();
    add_reachable(verifier_object(), definitions);
    definitions[std::string(verifier_object().name)].erase(
        "required"); // `audit DOMAIN=PATH` says which domain it is of
    schema["$defs"] = std::move(definitions);
    return text_of(schema);
}

} // namespace jwtdomain::policy::schema
