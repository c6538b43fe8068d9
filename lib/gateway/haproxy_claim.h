// What a test of a claim comes to in the normal form.
// Internal: not installed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/gateway/haproxy_flow.h"

namespace jwtdomain::gateway::haproxy {

struct ClaimTest {
    std::optional<std::string> name = {};    // in the normal form's spelling; nullopt: it cannot be said
    bool present = false;                    // nothing but that it is there
    bool first_of_list = false;              // $.aud[0]
    std::vector<document::Node> values = {}; // a language; none: not known, but the claim is there
    std::string dropped = {};                // what is left out
};
ClaimTest claim_test(const Atom& atom);

// claim - now, or the claim itself, in seconds: `after` < it < `before`.
struct Bound {
    bool from_now = false;
    bool needed = false; // a token without it does not pass
    std::optional<std::int64_t> after = {}, before = {};
};
std::optional<Bound> bound_of(const Atom& atom, bool holds);
// Of exp - iat, where a token without either does not pass.
std::optional<Bound> bound_of_life(const Atom& atom);

// A file that the normal form takes for one.
std::string file_of_keys(const std::string& argument);

bool are_media_types(const std::vector<std::string>& values);

} // namespace jwtdomain::gateway::haproxy
