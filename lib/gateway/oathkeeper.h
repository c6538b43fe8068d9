// Ory Oathkeeper's authenticator jwt: a rule's settings over those of the configuration file.
// Internal: not installed.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::oathkeeper {

struct Settings {
    const Node* own;   // the rule's; may be nullptr
    const Node* below; // the configuration file's; may be nullptr
    bool known;        // the configuration file is here
    Mark mark;

    const Node* find(std::string_view name) const; // nullptr: nowhere, as far as it is known
};

// The paths of tokens that it accepts, none if it accepts none. Not empty: why that is not known.
std::string add_paths(const Settings& settings, const std::vector<Node>& dropped, std::vector<Node>& out);

} // namespace jwtdomain::gateway::oathkeeper
