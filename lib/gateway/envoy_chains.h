// Where in Envoy's configuration the filter jwt_authn stands: in which chains of HTTP filters, and beside which others.
// Internal: not installed.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::envoy {

struct JwtFilter {
    const Node* config;
    std::string name;      // which it has in its chain; empty: it stands alone
    bool disabled = false; // unless a route switches it on
    bool wrapped = false;  // in another filter, which decides when it runs
    std::string beside;    // a filter of the chain that may refuse what this one lets pass
};

// A chain that leads to routes without such a filter.
struct Unguarded {
    std::string name; // "listener public"
    Mark mark;
    std::string beside;
    bool elsewhere = false; // a filter of it is fetched from elsewhere
};

struct Chains {
    std::vector<JwtFilter> filters;
    std::vector<Unguarded> others;
    std::set<std::string> names; // of the filters, by which routes speak of them
    bool read = false;           // is there any chain?
};

// Without the chains whose routes are all for other hosts than this one; empty: every host.
Chains chains_of(const std::vector<Node>& documents, std::string_view host = {});

// Could a request for the host come to this virtual host? One that names no domains, or cannot be read, might.
bool is_for_host(const Node& virtual_host, std::string_view host);

bool is_jwt_filter(const Node& node);

} // namespace jwtdomain::gateway::envoy
