// Entries of the normal form for what a SecurityPolicy guards.
// Internal: not installed.
#pragma once

#include <map>
#include <span>
#include <string>

#include "jwtdomain/gateway/envoy_gateway_security.h"
#include "jwtdomain/gateway/gateway.h"

namespace jwtdomain::gateway::envoy_gateway {

// What a policy guards.
struct Scope {
    std::string name = {};       // "HTTPRoute prod/orders (api.example.com/orders*)"
    std::string name_space = {}; // of the policy that has the providers: ConfigMaps are of it
    Mark mark = {};              // of the policy
};

class Entries {
public:
    Entries(std::span<const Node* const> config_maps, Verifiers& out);

    void add(const Scope& scope, const Security& security);
    // Where a token that was verified here selects another route: what that asks of tokens is not looked at any more.
    void add_reselected(const Scope& scope, const Security& security);

private:
    bool without_token(const Scope& scope, const Security& security, const Permit& permit, const std::string& name);
    bool paths(const Scope& scope, const Security& security, const Permit& permit, std::vector<Node>& accepts);
    bool take(std::size_t octets);
    Node path_of(const Scope& scope, const Node& provider, std::vector<Node>& dropped, Mark at) const;
    Node keys_of(const Scope& scope, const Node& provider) const;
    Node keys_of_map(const Scope& scope, const Node& reference) const;

    std::multimap<std::string, const Node*> config_maps_ = {};
    Verifiers& out_;
    std::size_t made_ = 0; // paths, where long ones count for more
};

} // namespace jwtdomain::gateway::envoy_gateway
