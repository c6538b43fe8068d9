// The documents of Istio's security API, taken apart: what each is attached to, and what it asks for.
// Internal: not installed.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::istio {

// What a workload must be for a policy to be attached to it: labels ("label app" -> "orders"), or what it serves
// ("Gateway", "Service", "GatewayClass").
using Facts = std::map<std::string, std::string>;

constexpr std::string_view kLabel = "label ";

// Which requests; a list that is empty asks for nothing.
struct Operation {
    struct Field {
        std::string name; // "hosts", "notPaths"
        std::vector<std::string> values;
    };
    std::vector<Field> fields = {};
    Mark mark = {};

    std::string words() const; // "GET /orders*"; empty: every request
};

// What is asked of a token that was verified. `claim` is empty: the principal, its issuer and subject.
struct Condition {
    std::vector<std::string> claim = {};
    const Node* values = nullptr;     // one of these; nullptr: nothing is asked for
    const Node* not_values = nullptr; // none of these
    std::string name = {};            // as it is written
    Mark mark = {};
};

// One way of a rule to match: all of this holds.
struct Alternative {
    std::vector<Condition> conditions = {};
    std::vector<Node> others = {}; // of the request itself: where it comes from, its headers
    Mark mark = {};
};

struct Rule {
    std::vector<Operation> operations = {};     // any of these
    std::vector<Alternative> alternatives = {}; // any of these
    Mark mark = {};
};

struct Policy {
    enum class Kind : std::uint8_t { authentication, allow, deny, audit, custom } kind = Kind::authentication;
    std::string name = {}, name_space = {}; // empty: it is not written
    std::vector<Facts> attached = {};       // to workloads that are one of these; {} is every one of its namespace
    bool by_target = false;                 // and not by labels
    bool uncertain = false;                 // whether it is attached, or enforced
    bool dry_run = false;
    bool extension = false; // it changes the filters, and is no policy
    std::vector<const Node*> jwt_rules = {};
    std::vector<Rule> rules = {};
    std::string not_known = {}; // why it cannot be read
    Mark mark = {};
};

bool is_policy(const Node& document);
Policy read_policy(const Node& document);

// EnvoyFilter and WasmPlugin, where they may matter to tokens.
bool is_extension(const Node& document);
Policy read_extension(const Node& document);

// Parts of reading one.
void read_metadata(const Node& document, Policy& out);
void read_selector(const Node& selector, Policy& out);
void read_attachment(const Node* spec, Policy& out);

// The namespace whose policies hold in all others.
std::string root_namespace(std::span<const Node> documents);

// Of a JWT rule: the first field that is not known, or is not what it should be.
std::string unknown_in_jwt_rule(const Node& rule);

} // namespace jwtdomain::gateway::istio
