// nginx's configuration, in parts: files that include each other, levels that inherit, and what they ask of a token.
// Internal: not installed.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/nginx_text.h"
#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::nginx {

// Variables that are said to be something, of a whole configuration: they hold wherever it is that they are said.
struct Variables {
    std::map<std::string, const Directive*, std::less<>> maps = {};           // nullptr: of two of a name
    std::map<std::string, std::vector<std::string>, std::less<>> claims = {}; // of auth_jwt_claim_set; empty: of two
};

// Adds those of these directives, whatever block they are in.
void add_variables(const std::vector<Directive>& directives, Variables& out);

// How many values a variable comes to, for what multiplies.
std::size_t size_of(const Variables& variables, std::string_view variable);

// The claim that "$jwt_claim_iss", or a variable that was set so, holds; empty: it is something else.
std::vector<std::string> claim_of(const Variables& variables, std::string_view variable);

// One value of auth_jwt_require, which must neither be empty nor "0": into `path`, where there are words for it, else
// into `dropped`. A path that is over is sound: all of them must hold.
void require(const Variables& variables, const Node& value, Node& path, std::vector<Node>& dropped);

// Files that no other includes, each with what it includes in its place; what is not among the sources stays an
// `include` (nginx_files.cpp).
struct Root {
    std::string file;
    Configuration configuration;
};
std::vector<Root> roots_of(std::span<const Source> sources);

// Is this a configuration of nginx's that says who may pass by a token?
bool is_configuration(const Source& source);

// What holds at a level: of http, a server, a location (nginx_level.cpp).
struct Level {
    const Directive *auth_jwt = nullptr, *leeway = nullptr, *type = nullptr, *satisfy = nullptr;
    const Directive *auth_request = nullptr, *auth_basic = nullptr, *other = nullptr; // other: another module that asks
    const Directive* include = nullptr;                                               // of something that is not here
    std::vector<const Directive*> key_files = {}, key_requests = {}, required = {}, addresses = {};
};
Level inherit(const Level& above, const std::vector<Directive>& directives);

const Directive* find(const std::vector<Directive>& directives, std::string_view name);

// Where the requests of auth_jwt_key_request go: a place of keys by the location's URI.
using KeyPlaces = std::map<std::string, Node, std::less<>>;

// nullopt: it lets no request pass.
std::optional<Node> guard_of(const Level& level, const Variables& variables, const KeyPlaces& places,
                             const std::string& name, Mark at);

} // namespace jwtdomain::gateway::nginx
