// From what HAProxy lets through to things that are guarded, in the normal form.
// Internal: not installed.
#pragma once

#include <string>

#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/haproxy_flow.h"

namespace jwtdomain::gateway::haproxy {

// One for each set of conditions on the request under which something passes; with a `host`, of those alone that a
// request with that header Host can meet.
void add_entries(const std::string& name, document::Mark at, const Formula& passing, const Atoms& atoms,
                 const std::string& host, Verifiers& out);

// One way to let a token pass: all of what the cube says of it. `token` is which one of the request's.
std::vector<document::Node> paths_of(const Cube& cube, const Atoms& atoms, const std::string& token, document::Mark at);

// Is it met by tokens alone that have something else than a number for exp, nbf or iat (haproxy_rules.h)?
bool asks_for_numbers(const Atom& atom, const std::string& token);

// The token that a cube wants; empty: none.
std::string token_of(const Cube& cube, const Atoms& atoms);

// Any text, for people: without what the normal form would take for a placeholder.
std::string readable(std::string text);

} // namespace jwtdomain::gateway::haproxy
