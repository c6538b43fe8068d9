// Variables of a program's environment, as configurations set them: lines of a .env file, `environment` of Compose,
// `env` of a container and `data` of a ConfigMap of Kubernetes.
// Internal: not installed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway {

struct Environment {
    std::string name;     // of the service or container, where it has one
    Node values = {};     // an object; what is put in later is no text
    bool partial = false; // more comes from elsewhere
    Mark mark = {};
};

// Those that have a variable whose name begins so. None where the text is no YAML, and no lines of NAME=VALUE.
std::vector<Environment> environments_of(const Source& source, std::uint32_t number, std::string_view prefix);

// The variable; nullptr: it is not there, or empty.
const Node* variable(const Environment& environment, std::string_view name);

} // namespace jwtdomain::gateway
