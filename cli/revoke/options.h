// What `jwtdomain revoke` takes.
#pragma once

#include <optional>
#include <string>

namespace jwtdomain::cli {

struct RevokeOptions {
    std::optional<std::string> token; // @FILE, - or an access token
    std::optional<std::string> jti, family, subject, key, domain, client;
    std::optional<std::string> before, reason;
    std::optional<std::string> import; // a list that somebody else has signed
    bool list = false;

    bool names_something() const { return token || jti || family || subject || key || client; }
};

} // namespace jwtdomain::cli
