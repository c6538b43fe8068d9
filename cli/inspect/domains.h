// Which domains of a policy a token claims to be of. A claim, not a verdict.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/inspect/report.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::cli {

struct DomainGuess {
    std::vector<DomainMatch> matches;
    std::optional<Seconds> lifetime; // the longest that the domains with its issuer allow
    std::string audience_domains;    // if aud names audiences of several domains: which; else empty
};

// `claims` is JSON, or empty.
DomainGuess guess_domain(const policy::Policy& policy, const std::string& claims);

// Sets has_kid of each, as far as its keys can be read.
void look_for_key(const policy::Policy& policy, const policy::KeyReader& keys, const std::string& kid,
                  std::vector<DomainMatch>& matches);

} // namespace jwtdomain::cli
