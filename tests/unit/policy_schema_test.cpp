#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "jwtdomain/policy/names.h"
#include "jwtdomain/policy/schema.h"

using namespace jwtdomain;
using namespace jwtdomain::policy;
using Json = nlohmann::json;

namespace {

// Every "$ref" of a schema.
void references(const Json& json, std::set<std::string>& out) {
    if (json.is_object() && json.contains("$ref")) out.insert(json["$ref"].get<std::string>());
    if (json.is_structured()) {
        for (const auto& part : json) references(part, out);
    }
}

} // namespace

TEST_CASE("policy/schema: the table is sound") {
    std::set<std::string_view> objects;
    for (const auto* object : policy::schema::objects()) {
        CHECK_MESSAGE(objects.insert(object->name).second, object->name);
        CHECK(!object->noun.empty());
        std::set<std::string_view> fields;
        for (const auto& field : object->fields) {
            CHECK_MESSAGE(fields.insert(field.name).second, field.name);
            CHECK_MESSAGE(field.doc.size() > 5, field.name);
            CHECK_MESSAGE(field.doc.back() == '.', field.name);
            CHECK_MESSAGE(field.doc.find('\n') == std::string_view::npos, field.name);
            if (field.shape.only_words) CHECK_MESSAGE(static_cast<bool>(field.shape.words != nullptr), field.name);
        }
    }
}

TEST_CASE("policy/schema: the JSON Schemas hold every object that they refer to, and no other") {
    for (const std::string& text : {policy::schema::policy_json_schema(), policy::schema::verifier_json_schema()}) {
        const Json schema = Json::parse(text);
        CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
        std::set<std::string> named, defined;
        references(schema, named);
        for (const auto& [name, definition] : schema["$defs"].items()) {
            defined.insert("#/$defs/" + name);
            CHECK(definition["additionalProperties"] == false);
        }
        CHECK(named == defined);
    }
    const Json verifier = Json::parse(policy::schema::verifier_json_schema());
    CHECK(verifier["$defs"].contains("path"));
    CHECK(!verifier["$defs"].contains("domain"));
    const Json whole = Json::parse(policy::schema::policy_json_schema());
    CHECK(whole["$defs"].size() == policy::schema::objects().size());
    CHECK(whole["$defs"]["trust_edge"]["required"].size() == 7);
    CHECK(whole["$defs"]["domain"]["properties"]["audiences"]["items"]["type"] == "string");
}

TEST_CASE("policy/names: claim paths are names, or JSON Pointers") {
    CHECK(parse_claim_path("sub").value() == std::vector<std::string>{"sub"});
    CHECK(parse_claim_path("https://example.com/roles").value() ==
          std::vector<std::string>{"https://example.com/roles"});
    CHECK(parse_claim_path("/realm_access/roles").value() == std::vector<std::string>{"realm_access", "roles"});
    CHECK(parse_claim_path("/a~1b/c~0d").value() == std::vector<std::string>{"a/b", "c~d"});
    CHECK(!parse_claim_path(""));
    CHECK(!parse_claim_path("/a~"));
    for (const char* text : {"sub", "/a/b", "/a~1b/c~0d", "a/b", "//"}) {
        CHECK(format_claim_path(parse_claim_path(text).value()) == text);
    }
}

TEST_CASE("policy/names: keys are fetched over https, or from this machine") {
    CHECK(is_fetchable_url("https://example.com/keys"));
    CHECK(is_fetchable_url("http://127.0.0.1:80/keys"));
    CHECK(is_fetchable_url("http://localhost/keys"));
    CHECK(is_fetchable_url("http://[::1]:8080/"));
    CHECK(!is_fetchable_url("http://example.com/keys"));
    CHECK(!is_fetchable_url("http://127.0.0.1.example.com/keys"));
    CHECK(!is_fetchable_url("http://127.0.0.1@example.com/keys"));
    CHECK(!is_fetchable_url("http://localhost.example.com/"));
    CHECK(!is_fetchable_url("file:///etc/passwd"));
    CHECK(!is_fetchable_url("https://"));
}

TEST_CASE("policy/names: media types and scopes") {
    CHECK(is_media_type("at+jwt"));
    CHECK(is_media_type("application/at+jwt"));
    CHECK(!is_media_type("a/b/c"));
    CHECK(!is_media_type("a b"));
    CHECK(!is_media_type("/"));
    CHECK(is_scope("orders:read"));
    CHECK(!is_scope("a b"));
    CHECK(!is_scope("a\"b"));
    CHECK(!is_scope(""));
}
