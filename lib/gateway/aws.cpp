// What AWS is told about tokens in templates of CloudFormation and SAM, and in trust policies: which documents have
// something of it, and what a value in them is.
#include "jwtdomain/gateway/aws.h"

#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace aws {
namespace {

using document::Kind;

const Node& nothing() {
    static const Node empty = object({});
    return empty;
}

// "!Sub" of YAML, "Fn::Sub" of JSON.
bool is_function(const Node& node, std::string_view name) {
    if (node.kind != Kind::object || node.names.size() != 1) return false;
    const std::string_view have = node.names.front().text;
    return (have.starts_with('!') && have.substr(1) == name) || (have.starts_with("Fn::") && have.substr(4) == name) ||
           (name == "Ref" && have == name);
}

std::string before(std::string_view text, char end) { return std::string(text.substr(0, text.find(end))); }

} // namespace

bool is_computed(const Node* node) {
    if (!is(node, Kind::object) || node->names.size() != 1) return false;
    const std::string_view name = node->names.front().text;
    return name.starts_with('!') || name.starts_with("Fn::") || name == "Ref";
}

std::optional<std::string> substitution(const Node& node) {
    if (!is_function(node, "Sub") || !is(&node.elements.front(), Kind::string)) return std::nullopt;
    return node.elements.front().text;
}

std::optional<std::string> literal(const Node* node) {
    if (node == nullptr) return std::nullopt;
    std::optional<std::string> text = substitution(*node);
    if (text && text->find("${") != text->npos) return std::nullopt;
    if (!text && (node->kind == Kind::object || node->kind == Kind::array || node->kind == Kind::null))
        return std::nullopt;
    if (!text) text = text_of(node);
    return is_unresolved(*text) ? std::nullopt : text;
}

std::optional<std::vector<Node>> literals(const Node* node) {
    std::vector<Node> out;
    if (node == nullptr) return out;
    const auto add = [&](const Node& one) {
        auto value = literal(&one);
        if (value) out.push_back(text(std::move(*value), one.mark));
        return value.has_value();
    };
    if (node->kind != Kind::array) return add(*node) ? std::optional(out) : std::nullopt;
    for (const Node& each : node->elements) {
        if (!add(each)) return std::nullopt;
    }
    return out;
}

std::optional<std::string> reference(const Node* node) {
    if (node == nullptr) return std::nullopt;
    if (const auto text = substitution(*node)) {
        if (!text->starts_with("${") || text->find('}') != text->size() - 1) return std::nullopt;
        return before(std::string_view(*text).substr(2, text->size() - 3), '.');
    }
    if (!is_function(*node, "Ref") && !is_function(*node, "GetAtt")) return std::nullopt;
    const Node& value = node->elements.front();
    if (value.kind == Kind::string) return is_function(*node, "Ref") ? value.text : before(value.text, '.');
    if (value.kind == Kind::array && !value.elements.empty()) return text_of(&value.elements.front());
    return std::nullopt;
}

Template::Template(const Node& document) : document_(document) {
    const Node* const resources = document.find("Resources");
    if (!is(resources, Kind::object)) return;
    for (std::size_t i = 0; i < resources->names.size(); ++i) {
        const Node& each = resources->elements[i];
        const Node::Name& name = resources->names[i];
        if (name.text.starts_with("Fn::")) further_ = name.text;
        if (each.kind != Kind::object) continue;
        by_name_.emplace(name.text, resources_.size());
        const Node* const properties = each.find("Properties");
        resources_.push_back({.name = name.text,
                              .type = text_of(each.find("Type")),
                              .properties = is(properties, Kind::object) ? properties : &nothing(),
                              .mark = name.mark});
    }
}

const Resource* Template::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &resources_[found->second];
}

const Node* Template::globals(std::string_view of) const {
    const Node* const globals = document_.find("Globals");
    return is(globals, Kind::object) ? globals->find(of) : nullptr;
}

namespace {

// As `aws iam get-role` prints it.
void read_printed_role(const Node& role, Budget& budget, Verifiers& out) {
    const Node* const policy = is(&role, Kind::object) ? role.find("AssumeRolePolicyDocument") : nullptr;
    if (policy != nullptr && is_trust(*policy))
        read_trust("role " + text_of(role.find("RoleName")), *policy, nullptr, budget, out);
}

void read_document(const Node& document, Budget& budget, Verifiers& out) {
    if (document.kind != Kind::object) return;
    if (is(document.find("Resources"), Kind::object)) {
        const Template all(document);
        const std::size_t others = out.size();
        read_apis(all, budget, out);
        read_roles(all, budget, out);
        if (out.size() > others && !all.further().empty())
            out.push_back(
                opaque("further resources", "there are resources that are made by " + all.further(), document.mark));
    } else if (is_trust(document)) {
        read_trust("trust policy", document, nullptr, budget, out);
    } else if (const Node* role = document.find("Role")) {
        read_printed_role(*role, budget, out);
    } else if (const Node* roles = document.find("Roles"); is(roles, Kind::array)) {
        for (const Node& each : roles->elements) read_printed_role(each, budget, out);
    }
}

} // namespace
} // namespace aws

Verifiers read_aws(const Content& content) {
    Verifiers out;
    Budget budget;
    for (const Node& each : content.documents) aws::read_document(each, budget, out);
    return out;
}

bool recognises_aws(const Content& content) { return !read_aws(content).empty(); }

} // namespace jwtdomain::gateway
