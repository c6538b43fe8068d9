// `Require claim name:value` (mod_auth_openidc) and `Require oauth2_claim name:value` (mod_oauth2): which tokens fulfil
// it.
//
// Both walk the claims of a token for one whose name is the beginning of what is required, up to a ':', '~' or '.'; so
// a claim "iss:https" with the value "//a.example" fulfils iss:https://a.example, too. Equality ignores white space,
// but for that between two digits, which has to be there or not; a member of an array suffices; a number is compared
// with the digits that the value begins with, 0 if there are none. After '~' stands a regular expression, which is
// looked for anywhere; after '.' what has to hold inside of the claim, or, before mod_auth_openidc 2.4.13 and in
// mod_oauth2, be a member of it.
//
// Internal: not installed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::apache {

// One way to fulfil it.
struct ClaimTest {
    std::vector<std::string> path; // of the claim
    Node values;                   // one of these
    Node spaced;                   // the same, with all that differs in white space only
    bool number = false;           // the claim is a number or a truth value, not a text or a list of them
    std::string dropped = {};      // what else must hold
};

struct ClaimTests {
    std::vector<ClaimTest> ways;
    std::string unknown; // why it is not known what is asked for; empty if it is
};

// `openidc`: as mod_auth_openidc reads it, whose arguments are a string of httpd's expressions.
ClaimTests tests_of(const std::string& required, bool openidc, Mark at);

// What such a string comes to; nothing if it has variables.
std::optional<std::string> expression_text(std::string_view written);

} // namespace jwtdomain::gateway::apache
