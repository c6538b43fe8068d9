// Text that something else puts in later: templates, variables, tags. It is never taken for what it says.
// Internal: not installed.
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway {

// "{{ .Values.x }}", "${X}", "$(X)", "{tenant}", or a value with a tag of an application.
bool is_unresolved(std::string_view text);
bool is_unresolved(const Node& value);

// Where keys are fetched; what cannot be fetched, or is not known, is a place that nobody can read.
Node keys_at(const Node& url);
Node unread_keys(std::string why, Mark at);

// For names: without the braces that templates of domains have.
std::string plain_name(std::string text);

} // namespace jwtdomain::gateway
