// Kong's declarative configuration, before it means anything: its routes, and which plugin of a name holds for each.
// Internal: not installed.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/nodes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::kong {

struct Route {
    const Node* node;
    const Node* service; // nullptr: none
};

struct Credential {
    const Node* node;
    std::string consumer; // its name, for reports
};

// A file (kong_file.cpp).
struct Estate {
    std::vector<Route> routes = {};
    std::vector<Credential> credentials = {};
    // By name, route, service and consumer, each of which may be nullptr; two of one place: nullptr.
    using Place = std::tuple<std::string, const Node*, const Node*, const Node*>;
    std::map<Place, const Node*> plugins = {};
    std::map<std::string, const Node*, std::less<>> consumers = {}; // by name and id
    std::string doubt = {}; // why it is not known which plugin holds where; empty: it is
    Mark doubt_at = {};
};

bool is_configuration(const Node& document);
Estate estate_of(const Node& document);

// The plugin of this name that holds for requests of a route, before anybody is authenticated; nullptr: none does. A
// plugin of a route and its service goes before one of the route, that before one of the service, and that before one
// of all requests. `route` has no node for requests of all routes.
const Node* plugin_for(const Estate& estate, std::string_view name, const Route& route);

// What the plugin jwt accepts (kong_path.cpp): a path or two for each credential.
struct Accepted {
    std::vector<Node> paths = {};
    std::string opaque = {}; // why it is not known
    Mark at = {};
};
Accepted accepted_by(const Node& plugin, const std::vector<Credential>& credentials, const std::vector<Node>& dropped,
                     Budget& budget);

} // namespace jwtdomain::gateway::kong
