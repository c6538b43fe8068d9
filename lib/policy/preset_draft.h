// A domain file before it is written; no part of the interface. Presets fill it in, a sample corrects it.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/policy/presets.h"

namespace jwtdomain::policy::preset {

struct Claim {
    std::string path;
    std::string value;   // YAML
    std::string comment; // may be empty
};

struct Draft {
    std::vector<std::string> heading; // lines of comment
    std::string issuer, issuer_note;
    bool issuer_optional = false;
    std::vector<std::string> audiences;
    std::string audience_note;
    bool audience_optional = false;
    std::vector<std::string> neutral;
    std::string neutral_note;
    std::vector<std::string> fallback;
    std::string fallback_note;
    std::vector<std::string> types;
    std::string types_note;
    std::vector<std::string> algorithms{"RS256"};
    std::string algorithms_note;
    std::string scope = "scope", scope_note;
    Seconds lifetime = 3600;
    bool life_varies = false; // a sample can only make it longer
    std::string lifetime_note;
    std::vector<std::string> required;
    std::vector<Claim> match;
    std::string jwks_note;
};

// One for each preset. The draft's issuer and audiences are given, from the input or else the sample. Faults: usage.
Result<Draft> keycloak(const PresetInput& input, Draft draft);
Result<Draft> auth0(const PresetInput& input, Draft draft);
Result<Draft> okta(const PresetInput& input, Draft draft);
Result<Draft> entra(const PresetInput& input, Draft draft);
Result<Draft> cognito(const PresetInput& input, Draft draft);
Result<Draft> kubernetes(const PresetInput& input, Draft draft);
Result<Draft> github_actions(const PresetInput& input, Draft draft);
Result<Draft> spiffe(const PresetInput& input, Draft draft);

} // namespace jwtdomain::policy::preset
