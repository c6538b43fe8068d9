// ASP.NET Core's configuration, before it means anything: names with ':' between them, in which case does not count, of
// files that lie over each other.
// Internal: not installed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::aspnet {

using Values = std::map<std::string, Node, std::less<>>; // scalars, by their names in lower case

// What is in force together: appsettings.json, and over it what one environment has of its own.
struct Settings {
    std::string environment = {}; // "Production"; empty: none
    Values values = {};
    Mark at = {};
};

// Does a document say anything of what is read here?
bool is_settings(const Node& document);
std::vector<Settings> settings_of(const Content& content);

// Those below a name, by what stands behind it.
Values below(const Values& values, std::string_view name);
// A list, or the one value of that name, or both.
std::vector<Node> all_of(const Values& values, std::string_view one, std::string_view many);

// What a scheme of JwtBearer, and the section AzureAd, come to (aspnet_scheme.cpp).
Node scheme_entry(const std::string& name, const Values& values, Mark at);
Node entra_entry(const std::string& name, const Values& values, Mark at);

} // namespace jwtdomain::gateway::aspnet
