// HashiCorp Vault's JWT auth method: the configuration of a mount, and its roles.
// Internal: not installed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/nodes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::vault {

struct Role {
    std::string name;
    const Node* node;
};

// What belongs together: a mount has one configuration, but which one a role of a folder with several belongs to is not
// said.
struct Mount {
    std::vector<const Node*> configurations = {};
    std::vector<Role> roles = {};
};

// Text, or a list of texts; a text with commas is a list.
struct Texts {
    bool unknown = false; // something else puts it in later, or it is of another kind
    std::vector<Node> items = {};
    Mark mark = {};
};
Texts texts_of(const Node& object, std::string_view name);

// What of a role its claims come to (vault_claims.cpp). `fetched`: other claims than those of the token are looked at.
void put_claims(const Node& role, bool fetched, Node& path, std::vector<Node>& dropped);

// The role as it is with each configuration (vault_role.cpp).
void read_role(const Role& role, const std::vector<const Node*>& configurations, Budget& budget, Verifiers& out);

} // namespace jwtdomain::gateway::vault
