// Building documents of the normal form out of those of a gateway, and looking into the latter.
// Internal: not installed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/document.h"

namespace jwtdomain::gateway {

using document::Mark;
using document::Node;

Node text(std::string value, Mark at);
Node number(std::int64_t value, Mark at);
Node flag(bool value, Mark at);
Node list(std::vector<Node> elements, Mark at);
Node object(Mark at);

// Sets a field of an object; one that is there is replaced.
void put(Node& object, std::string name, Node value);

bool is(const Node* node, document::Kind kind); // false for nullptr
// Of a string, number or boolean as written; empty for everything else.
std::string text_of(const Node* node);

// nullptr if it is no object, or has none of that name.
const Node* member(const Node* object, std::string_view name);
// The first name that is not among these; empty if there is none.
std::string unknown_member(const Node& object, std::initializer_list<std::string_view> known);

// A field by its name in snake_case, or in the lowerCamelCase that protobuf's JSON has for it.
const Node* field(const Node& object, std::string_view snake_case);
std::string snake_case(std::string_view name);

// What is guarded, and how.
Node guarded(std::string name, std::vector<Node> paths, Mark at);
Node opaque(std::string name, std::string why, Mark at);
Node open(std::string name, std::string why, Mark at);
// The same, where a token that fails counts as none, and passes.
Node open_to_failed(std::string name, std::string why, Mark at);

} // namespace jwtdomain::gateway
