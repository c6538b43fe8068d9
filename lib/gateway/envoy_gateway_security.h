// What a SecurityPolicy asks of a request.
// Internal: not installed.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::envoy_gateway {

// One way to be allowed: all of this holds.
struct Alternative {
    const Node* principal = nullptr; // of a token: its provider, claims, scopes
    std::vector<Node> others = {};   // of the request itself, in words
    Mark mark = {};
};

// What is allowed for an operation.
struct Permit {
    std::string operation = {}; // "GET /orders*"; empty: every request
    std::vector<Alternative> alternatives = {};
    Mark mark = {};
};

struct Security {
    std::vector<const Node*> providers = {}; // of tokens
    bool token = false;                      // a request without a token that one of them verifies is refused
    std::vector<Node> besides = {};          // what a request must have, too, in words
    std::vector<Permit> permits = {};
    bool reselects = false; // once a token is verified, the route is selected anew
    std::string fault = {}; // why it cannot be read
};

// Points into the spec.
Security read_security(const Node& spec);

} // namespace jwtdomain::gateway::envoy_gateway
