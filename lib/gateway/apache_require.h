// `Require` and its containers: under which conditions a request passes.
// Internal: not installed.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/document.h"

namespace jwtdomain::gateway::apache {

// Of a <Limit> or <LimitExcept>.
struct Methods {
    bool except = true;          // all but these
    std::set<std::string> names; // in upper case
    bool has(const std::string& method) const { return (names.count(method) != 0) != except; }
};

struct Requirement {
    enum class Kind : std::uint8_t { all, any, leaf };
    Kind kind = Kind::any;
    bool negated = false;
    std::string provider = {}; // of a leaf, in lower case
    std::string args = {};
    document::Mark mark = {};
    Methods methods = {}; // of a leaf
    std::vector<Requirement> inner = {};
};

// One way to pass: everything in it must hold.
struct Way {
    // A claim, or the user's name: one of these texts.
    struct Test {
        bool user = false;
        std::string text; // of a claim: as `Require claim` has it
        document::Mark mark;
    };
    bool with_token = false;               // a token is needed
    std::vector<Test> tests = {};          // of the token
    std::vector<std::string> dropped = {}; // conditions that are not said here
    std::string elsewhere = {};            // a condition on something else than the token
};

struct Passing {
    std::vector<Way> ways;
    std::string unknown; // why it is not known; empty if it is
};

// Of a request with that method; the empty one is every method that is not named anywhere.
Passing passing(const Requirement& requirement, const std::string& method);

// All methods that it names.
void add_methods(const Requirement& requirement, std::set<std::string>& out);

} // namespace jwtdomain::gateway::apache
