// What is asked of a token's claims, put into a path of the normal form.
// Internal: not installed.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/gateway/istio_policy.h"

namespace jwtdomain::gateway::istio {

// A string that Istio writes as exact, "x*", "*x" or "*" (which is not empty).
struct Match {
    enum class Kind : std::uint8_t { exact, prefix, suffix, some } kind = Kind::some;
    std::string text = {};

    bool takes(std::string_view value) const;
    bool operator==(const Match& other) const { return kind == other.kind && text == other.text; }
};

// A path that is being narrowed down: tokens of one JWT rule.
struct Draft {
    const Node* rule = nullptr;
    std::vector<Match> issuer = {};  // none: as the rule says; else of a rule that names no issuer, one
    std::vector<Match> subject = {}; // none: not asked for
    Mark asked = {};                 // who asked for a principal last
    struct Claim {
        std::vector<std::string> path;
        std::vector<Match> values; // a member of the list is one of these
        Mark mark;
        bool all = false; // and each of these is a member: all are exact
    };
    std::vector<Claim> claims = {};
    std::vector<Node> dropped = {};
    Mark mark = {};
};

// What of the drafts is left where the condition's values (or those that it excludes, if `excluded`) must be met.
// Grows with the issuers that are asked for of rules that name none.
std::vector<Draft> narrow(std::vector<Draft> drafts, const Condition& condition, bool excluded);

Node path_of(Draft draft, Mark at);

} // namespace jwtdomain::gateway::istio
