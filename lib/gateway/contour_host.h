// What a virtual host of an HTTPProxy asks of its routes.
// Internal: not installed.
#pragma once

#include <map>
#include <string>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::contour {

struct Host {
    std::string name = "a host whose name is put in later"; // else api.example.com
    bool filters = false;                                   // it terminates TLS: there is a filter that verifies tokens
    const Node* authorization = nullptr;                    // by an external service, unless that is disabled
    const Node* addresses = nullptr;                        // must be, or must not be, of these
    std::string by_default = {};                            // the provider of routes that name none
    std::map<std::string, const Node*> providers = {};
    std::string fault = {}; // why it cannot be read
    Mark mark = {};
};

Host read_host(const Node& virtual_host);

// ipAllowPolicy or ipDenyPolicy of a virtual host or route; nullptr: neither.
const Node* addresses_of(const Node& object);

// Tokens of one provider.
Node path_of(const std::string& name, const Node& provider, std::vector<Node> dropped, Mark at);

} // namespace jwtdomain::gateway::contour
