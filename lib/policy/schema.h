// The format of a policy, declared once: the strict check of what was written, the messages about it and the JSON
// Schema all come from one table (schema_table.cpp).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/document.h"
#include "jwtdomain/base/result.h"

namespace jwtdomain::policy::schema {

enum class Scalar : std::uint8_t {
    none,   // no scalar may stand here
    text,   // a string that is not empty
    flag,   // true or false
    number, // an integer
    span,   // a duration, "10m", or an integer of seconds
    time,   // RFC 3339, or a date
    value,  // a string, number or boolean: what a claim is compared with
};

using Words = std::span<const std::string_view> (*)();

struct Object;

// What may stand in a place: a scalar, a list, an object with known fields or a map with free names; each at most once,
// so that the kind of a value decides which of them is meant.
struct Shape {
    std::string_view noun = {}; // of a scalar in messages, where the kind alone says too little: "a claim path"
    Scalar scalar = Scalar::none;
    Words words = nullptr;          // words with a meaning of their own
    bool only_words = false;        // no other text is taken
    const Shape* element = nullptr; // of a list
    bool not_empty = false;         // the list has an element
    const Object* object = nullptr;
    const Shape* entries = nullptr; // of a map, whose names are free
    Words names = nullptr;          // unless these are all of them
};

struct Field {
    std::string_view name;
    const Shape& shape;
    bool required;
    std::string_view doc; // one line
};

struct Object {
    std::string_view name; // "trust_edge"
    std::string_view noun; // "a trust edge"
    std::string_view doc;
    std::span<const Field> fields;
};

const Object& policy_object();
const Object& domain_object();
const Object& verifier_object();
std::vector<const Object*> objects(); // all of them, each once

// Checks a document against the table: fields, kinds, words, durations, times. Faults: invalid, at the place in `file`;
// the hint suggests what was meant.
Status check(const document::Node& node, const Object& object, const std::string& file);

// Fails at a place of a document.
tl::unexpected<Error> refuse(const std::string& file, document::Mark mark, std::string message, std::string hint = {});

// "did you mean 'audiences'?", or empty.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> names);
std::string did_you_mean(std::string_view word, const std::vector<std::string>& names);

// JSON Schema, draft 2020-12. The first takes policy.yaml and domain files; the second one verifier in the normal form.
std::string policy_json_schema();
std::string verifier_json_schema();

} // namespace jwtdomain::policy::schema
