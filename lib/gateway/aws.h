// Templates of CloudFormation and SAM, and the two things in them that accept tokens.
// Internal: not installed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/nodes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::aws {

// The text of a value that nothing else decides; nullopt: a reference, a substitution, or no scalar.
std::optional<std::string> literal(const Node* node);
// The same of each in a list, or of one value; nullopt if one of them has none. Empty for nullptr.
std::optional<std::vector<Node>> literals(const Node* node);

// Does a function of CloudFormation stand there, so that the value is not known?
bool is_computed(const Node* node);

// The text of "!Sub", with its references in it; nullopt: it is none, or has a map beside it.
std::optional<std::string> substitution(const Node& node);
// The resource or parameter that a value names: Ref, GetAtt, or a Sub of nothing else.
std::optional<std::string> reference(const Node* node);

struct Resource {
    std::string name; // its logical one
    std::string type;
    const Node* properties; // never nullptr; an empty object if there are none
    Mark mark;
};

class Template {
public:
    explicit Template(const Node& document);

    const std::vector<Resource>& resources() const { return resources_; }
    const Resource* find(std::string_view name) const;
    const Node* globals(std::string_view of) const; // of SAM
    // Where resources come from that are not written in it; empty: there are none.
    const std::string& further() const { return further_; }

private:
    const Node& document_;
    std::vector<Resource> resources_;
    std::map<std::string, std::size_t, std::less<>> by_name_;
    std::string further_;
};

// The routes of HTTP APIs (aws_http.cpp).
void read_apis(const Template& all, Budget& budget, Verifiers& out);
// Roles that tokens open (aws_trust.cpp).
void read_roles(const Template& all, Budget& budget, Verifiers& out);
// A trust policy by itself. `all` has its providers, if they are known.
void read_trust(const std::string& name, const Node& policy, const Template* all, Budget& budget, Verifiers& out);
bool is_trust(const Node& policy); // is something in it about web identities?

} // namespace jwtdomain::gateway::aws
