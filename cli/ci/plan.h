// What a CI job is to run, as it is typed and as the policy says; the files for the services are written from it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app/session.h"

namespace jwtdomain::cli {

struct CiOptions {
    std::vector<std::string> words;   // DOMAIN=PATH: what guards it
    std::optional<std::string> type;  // of those
    std::vector<std::string> targets; // of the probe, as it takes them
    std::vector<std::string> tokens, keys;
    std::optional<std::string> fail_on;
};

// A domain whose key or token a job may have in its environment: JWTDOMAIN_KEY_PROD, else JWTDOMAIN_TOKEN_PROD.
struct CiCredential {
    std::string domain, suffix;
};

// Every word in it is plain text without what a CI service would replace.
struct CiPlan {
    std::string policy;  // its directory
    std::string fail_on; // "high"
    std::vector<std::string> configurations;
    std::optional<std::string> type;
    bool probes = false; // there is something to ask
    std::vector<std::string> targets;
    std::vector<std::string> handed;       // "--token", "prod=env:TOKEN", ...; as typed
    std::vector<CiCredential> credentials; // if none was typed
    std::vector<std::string> variables;    // with secrets, each once
};

// Reads the policy and the configurations, and looks at the targets and at where tokens and keys come from, but not at
// those: they are not here. Faults: usage, those of the policy and of targets_of but for no_input, which is warned of;
// unsupported (a word that a CI file cannot hold, or the service would put something else in its place).
Result<CiPlan> make_ci_plan(Session& session, const CiOptions& options);

std::vector<std::string> ci_names(); // of --to
bool is_ci(std::string_view name);

// By the writer of that name, which must be one.
std::string write_ci(const CiPlan& plan, std::string_view name);
std::string ci_json(const CiPlan& plan, std::string_view name);

} // namespace jwtdomain::cli
