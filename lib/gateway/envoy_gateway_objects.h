// The objects around a SecurityPolicy: what it is attached to, and the routes and gateways themselves.
// Internal: not installed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::envoy_gateway {

// The name of an object; empty parts are not written, or put in later.
struct Name {
    std::string kind = {}, name = {}, name_space = {};

    std::string words() const; // "HTTPRoute prod/orders"
};

enum class Attached : std::uint8_t { no, perhaps, yes };

struct Target {
    Name object = {};
    std::string section = {};       // a listener, or a rule of a route
    const Node* selector = nullptr; // by labels, instead of a name
    Mark mark = {};

    std::string words() const;
};

struct Policy {
    Name object = {};
    std::vector<Target> targets = {};
    bool merges = false; // with the policy of the gateway, instead of replacing it
    Node spec = {};
    std::string fault = {}; // why it cannot be read
    bool lost = false;      // nor what it is attached to
    Mark mark = {};
};

// Of a route: where it is attached. Its kind is Gateway, if nothing else is written.
struct Parent {
    Name object = {};
    std::string section = {};
};

struct Route {
    Name object = {};
    const Node* labels = nullptr;
    std::vector<std::string> hosts = {}, paths = {};
    std::vector<Parent> parents = {};
    bool forwards = false; // to something; else it redirects all
    Mark mark = {};

    std::string words() const; // "HTTPRoute prod/orders (api.example.com/orders*)"
};

struct Gateway {
    struct Listener {
        std::string name, host;
        bool others = false; // takes routes of other namespaces
    };
    Name object = {};
    const Node* labels = nullptr;
    std::string class_name = {};
    std::vector<Listener> listeners = {};
};

struct Objects {
    std::vector<Policy> policies = {};
    std::vector<Route> routes = {};
    std::vector<Gateway> gateways = {};
    std::vector<std::string> classes = {}; // of gateways that Envoy Gateway makes
    std::vector<const Node*> config_maps = {};
};

bool is_policy(const Node& document);
bool is_route_kind(std::string_view kind);

Objects read_objects(std::span<const Node> documents);

// Is the policy with this target attached to the object, as a whole or in a part?
Attached attached(const Policy& policy, const Target& target, const Name& object, const Node* labels);

// What becomes of the parent's where the route's is merged into it: lists are replaced, and what is empty is not there.
Node merged(const Node& parent, const Node& route);

} // namespace jwtdomain::gateway::envoy_gateway
