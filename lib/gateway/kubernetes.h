// Objects of Kubernetes, as several importers read them.
// Internal: not installed.
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::kubernetes {

bool is_there(const Node* value); // and not null

// "gateway.envoyproxy.io", "SecurityPolicy"; of any version.
bool is_object(const Node& document, std::string_view group, std::string_view kind);

// Empty: it is not written, or put in later.
std::string name_of(const Node& document);
std::string namespace_of(const Node& document);

// Something without a namespace may be in each.
bool may_be_in(std::string_view name_space, std::string_view wanted);

// Can a request for the host reach "api.example.com", "*.example.com" or nothing, which is every host?
bool serves(std::string_view pattern, std::string_view host);

} // namespace jwtdomain::gateway::kubernetes
