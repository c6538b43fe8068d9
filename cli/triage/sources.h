// What tokens are judged by besides the policy: configurations of verifiers that are given, and keys that are fetched.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/network.h"
#include "cli/app/session.h"
#include "jwtdomain/policy/load.h"

namespace jwtdomain::cli {

struct TriageSources {
    std::vector<std::string> configurations; // DOMAIN=PATH
    std::optional<std::string> type;         // of them
    NetworkOptions network;                  // for keys of the policy and of configurations: never what a token names

    bool any() const { return !configurations.empty() || type || network.any(); }
};
void declare_sources(Declaration& declaration, TriageSources& sources);

// Has the session fetch what was asked for. Faults: usage.
Status use_sources(Session& session, const TriageSources& sources, const std::string& command);

// The policy as an audit needs it, with those configurations. Faults: as load_guarded_policy and add_configurations.
Result<policy::Policy> load_policy_with(Session& session, const TriageSources& sources);

} // namespace jwtdomain::cli
