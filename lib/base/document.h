// A configuration document, read from YAML or JSON into one strict tree that knows where everything stands.
//
// YAML is read by its 1.2 core schema: only true/false/null/numbers are not strings ("no" is a string). Refused in
// both: a name twice in one object, control characters, nesting over 64, more than a million values. Refused in YAML: a
// second document, tags other than the core ones, merge keys, names that are not strings; aliases count as what they
// stand for, and may not come to more than 20,000 values and one for each octet of the text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jwtdomain/base/result.h"

namespace jwtdomain::document {

enum class Kind : std::uint8_t { null, boolean, integer, real, string, array, object };

struct Mark { // counts from 1; columns in octets
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::uint32_t source = 0; // which of several texts that are read together, from 0
};

struct Node {
    Kind kind = Kind::null;
    Mark mark = {};
    bool truth = false;              // of a boolean
    std::int64_t integer = 0;        // of an integer
    std::string text = {};           // of a string; of a number as written
    std::vector<Node> elements = {}; // of an array; of an object the values, in step with `names`
    struct Name {
        std::string text;
        Mark mark;
    };
    std::vector<Name> names = {}; // of an object

    const Node* find(std::string_view name) const; // a member of an object, or nullptr
};

constexpr std::size_t kMaxSize = 8u << 20; // octets of one file

// `file` names the source in errors. A name that ends in .json makes it JSON, every other YAML (which contains JSON).
// An empty YAML text is null. Faults: invalid (with file, line, column), limit.
Result<Node> parse(std::string_view text, const std::string& file);

// Every document of a stream of YAML that others wrote, in order, without those that are empty; all marks have this
// `source`. A value with a tag of its application ("!Sub x") is an object with the tag as its only name; names that
// are numbers or words are read as text. Faults: as above.
Result<std::vector<Node>> parse_stream(std::string_view text, const std::string& file, std::uint32_t source = 0);

// JSON only. Faults: as above.
Result<Node> parse_json(std::string_view text, const std::string& file);

} // namespace jwtdomain::document
