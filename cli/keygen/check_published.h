// Is what an issuer publishes what the policy has for it? `jwks --check`.
#pragma once

#include <string>
#include <vector>

#include "cli/app/exit_status.h"
#include "cli/app/session.h"
#include "jwtdomain/audit/rule_check.h"

namespace jwtdomain::cli {

struct PublishedCheck {
    struct Difference {
        std::string code; // "not-published", "not-in-policy", "other-kid", "other-issuer"
        std::string key;  // its thumbprint; of a secret nothing is told
        std::string what; // one sentence without a full stop
    };
    struct Broken {
        std::string_view rule;
        Severity severity = Severity::info;
        std::string message;
    };
    std::string domain, url;
    Time now = 0;
    std::size_t published = 0; // keys that can verify tokens
    bool compared = false;     // the policy holds the domain's keys itself
    std::vector<Difference> differences;
    std::vector<Broken> broken; // rules on keys and key sets, of what is published
    bool good() const { return differences.empty() && broken.empty(); }
};

// Faults: those of the policy, of fetching and of parsing.
Result<PublishedCheck> check_published(Session& session, const std::string& domain, const std::string& url);

std::string to_text(const PublishedCheck& report, bool color);
std::string to_json(const PublishedCheck& report);

} // namespace jwtdomain::cli
