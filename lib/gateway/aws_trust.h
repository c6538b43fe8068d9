// What trust policies of IAM say, piece by piece.
// Internal: not installed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/gateway/aws.h"

namespace jwtdomain::gateway::aws {

// Where a claim is tested: in the words of the normal form.
struct Test {
    std::string claim; // in small letters, behind the provider
    std::vector<Node> values;
    bool optional = false, members = false, all = false;
    Mark at = {};
};

struct Conditions {
    std::vector<Test> tests = {};
    std::vector<Node> required = {}; // claims
    std::vector<Node> dropped = {};
};

Conditions conditions_of(const std::string& provider, const Node* block);

// An issuer that IAM knows, as conditions call it.
struct Provider {
    std::string name;                                 // "token.actions.githubusercontent.com"
    std::vector<std::string> issuers = {};            // values of iss
    std::optional<std::vector<Node>> client_ids = {}; // nullopt: not said here
    std::string opaque = {};                          // why it is not known; or
    bool none = false;                                // it is none of tokens
    bool for_every_client = false;                    // IAM knows it, without client ids
};

// `all`: the template that the principal stands in, or nullptr.
Provider provider_of(const Node& principal, const Template* all);

// Of values that the provider knows those that the condition takes; if there are none, the condition.
std::vector<Node> both(const std::vector<Node>& client_ids, const std::vector<Node>& condition);

} // namespace jwtdomain::gateway::aws
