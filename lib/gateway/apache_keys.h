// How a token is verified: the keys, and what is asked of its times, its issuer and its audience beside `Require`.
// Internal: not installed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "jwtdomain/gateway/apache_sections.h"
#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::apache {

struct Verification {
    std::string name; // for reports
    Mark mark = {};
    std::vector<Node> keys = {}; // a token is verified with any of them
    bool kid_ignored = false;
    std::string expiry = "optional";
    std::int64_t leeway = 1; // the second that exp names is in
    bool negative_expiry = true;
    std::vector<Node> issuers = {}, audiences = {};
    std::vector<std::string> required = {}; // claims
    std::vector<std::string> dropped = {};
    std::string opaque = {}; // why it is not known what it takes
    std::string cache = {};  // verified once, it is verified for all of this name
    bool shared = false;     // and what the place asks for besides is nothing, so that all of that name take the same
};

// mod_auth_openidc as a resource server, on this host.
Verification openidc_verification(const Host& host);

// mod_oauth2, by one directive. `caches`: all OAuth2Cache of the server.
Verification oauth2_verification(const Directive& token_verify, const std::vector<const Directive*>& caches);

// The last of that name among the host's own directives, or the server's.
const Directive* setting_of(const Host& host, std::string_view name);

// Options as in a query: a=b&c=d.
std::vector<std::pair<std::string, std::string>> options_of(std::string_view text);

} // namespace jwtdomain::gateway::apache
