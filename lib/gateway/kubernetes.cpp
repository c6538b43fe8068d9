#include "jwtdomain/gateway/kubernetes.h"

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::kubernetes {

using document::Kind;

namespace {

std::string metadata_of(const Node& document, std::string_view name) {
    const Node* const value = member(member(&document, "metadata"), name);
    return value == nullptr || is_unresolved(*value) ? "" : text_of(value);
}

} // namespace

bool is_there(const Node* value) { return value != nullptr && value->kind != Kind::null; }

bool is_object(const Node& document, std::string_view group, std::string_view kind) {
    const std::string version = text_of(member(&document, "apiVersion"));
    return version.size() > group.size() && version.starts_with(group) && version[group.size()] == '/' &&
           text_of(document.find("kind")) == kind;
}

std::string name_of(const Node& document) { return metadata_of(document, "name"); }
std::string namespace_of(const Node& document) { return metadata_of(document, "namespace"); }

bool may_be_in(std::string_view name_space, std::string_view wanted) {
    return name_space.empty() || wanted.empty() || name_space == wanted;
}

bool serves(std::string_view pattern, std::string_view host) {
    if (pattern.empty() || host.empty() || is_unresolved(pattern)) return true;
    const std::string own = lower_case(pattern), wanted = lower_case(host);
    if (own == wanted || own == "*") return true;
    return own.starts_with("*.") && wanted.ends_with(own.substr(1));
}

} // namespace jwtdomain::gateway::kubernetes
