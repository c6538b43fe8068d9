// Presets: domain files for issuers that are somebody else's, written out with comments so that one can read and change
// them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/policy/sample.h"

namespace jwtdomain::policy {

struct PresetInput {
    std::string domain;
    std::string issuer;                 // may be empty where a preset or the sample knows it
    std::vector<std::string> audiences; // may be empty where a preset or the sample knows them
    std::string jwks;                   // a file or URL for the file's `jwks`; empty: discovery
    std::optional<Sample> sample;
    bool exact_issuer = false;                // as its metadata say: it is not put right
    std::vector<std::string> algorithms = {}; // of its keys; empty: as the preset has them
    std::string resource = {};                // an API of the domain; empty: none is written
};

struct PresetInfo {
    std::string_view name;   // "keycloak"
    std::string_view title;  // "Keycloak"
    std::string_view issuer; // what its issuer looks like, for help
};

std::span<const PresetInfo> presets();

// Whose issuer that is, by the form of its URL and of its jwks_uri, where nobody else's has it. Of a domain name of
// one's own often nothing can be said.
std::optional<std::string> preset_of(const std::string& issuer, std::string_view jwks_uri);

// "It is a case-sensitive URL ... that contains no query or fragment components" (OpenID Connect Core 2; RFC 8414 2).
// What is no URL passes: a policy that is written by hand may have any `iss`. Faults: usage.
Status check_issuer(std::string_view issuer);

// The text of the domain's file. Faults: usage (unknown preset, with a suggestion; something that it needs is missing),
// conflict (the sample contradicts what was given).
Result<std::string> write_preset(std::string_view preset, const PresetInput& input);

} // namespace jwtdomain::policy
