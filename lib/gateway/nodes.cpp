#include "jwtdomain/gateway/nodes.h"

#include <algorithm>

#include "jwtdomain/policy/bind.h"

namespace jwtdomain::gateway {

using document::Kind;

Node text(std::string value, Mark at) { return {.kind = Kind::string, .mark = at, .text = std::move(value)}; }
Node number(std::int64_t value, Mark at) {
    return {.kind = Kind::integer, .mark = at, .integer = value, .text = std::to_string(value)};
}
Node flag(bool value, Mark at) { return {.kind = Kind::boolean, .mark = at, .truth = value}; }
Node list(std::vector<Node> elements, Mark at) {
    return {.kind = Kind::array, .mark = at, .elements = std::move(elements)};
}
Node object(Mark at) { return {.kind = Kind::object, .mark = at}; }

void put(Node& object, std::string name, Node value) {
    for (std::size_t i = 0; i < object.names.size(); ++i) {
        if (object.names[i].text != name) continue;
        object.elements[i] = std::move(value);
        return;
    }
    object.names.push_back({std::move(name), value.mark});
    object.elements.push_back(std::move(value));
}

bool is(const Node* node, Kind kind) { return node != nullptr && node->kind == kind; }

std::string text_of(const Node* node) { return node == nullptr ? std::string() : policy::bind::value_text(*node); }

const Node* member(const Node* object, std::string_view name) {
    return is(object, Kind::object) ? object->find(name) : nullptr;
}

std::string unknown_member(const Node& object, std::initializer_list<std::string_view> known) {
    for (const Node::Name& name : object.names) {
        if (std::find(known.begin(), known.end(), name.text) == known.end()) return name.text;
    }
    return {};
}

std::string snake_case(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const bool upper = c >= 'A' && c <= 'Z';
        if (upper) out += '_';
        out += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

const Node* field(const Node& object, std::string_view wanted) {
    for (std::size_t i = 0; i < object.names.size(); ++i) {
        const std::string& name = object.names[i].text;
        if (name == wanted || snake_case(name) == wanted) return &object.elements[i];
    }
    return nullptr;
}

Node guarded(std::string name, std::vector<Node> paths, Mark at) {
    Node out = object(at);
    put(out, "name", text(std::move(name), at));
    put(out, "accepts", list(std::move(paths), at));
    return out;
}

namespace {

Node without_paths(const char* guard, std::string name, std::string why, Mark at) {
    Node out = object(at);
    put(out, "name", text(std::move(name), at));
    put(out, "guard", text(guard, at));
    put(out, "why", text(std::move(why), at));
    return out;
}

} // namespace

Node opaque(std::string name, std::string why, Mark at) {
    return without_paths("opaque", std::move(name), std::move(why), at);
}
Node open(std::string name, std::string why, Mark at) {
    return without_paths("open", std::move(name), std::move(why), at);
}
Node open_to_failed(std::string name, std::string why, Mark at) {
    Node out = open(std::move(name), std::move(why), at);
    put(out, "unknown_issuer", text("anonymous", at));
    return out;
}

} // namespace jwtdomain::gateway
