// What `jwtdomain probe` takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/network.h"

namespace jwtdomain::cli {

struct ProbeOptions {
    std::vector<std::string> words;  // DOMAIN=PATH: what guards it
    std::optional<std::string> type; // of those
    std::optional<std::string> against;
    std::vector<std::string> targets; // DOMAIN=URL or DOMAIN=cmd:PROGRAM
    std::vector<std::string> tokens;  // DOMAIN=env:NAME, DOMAIN=@FILE or DOMAIN=cmd:PROGRAM
    std::vector<std::string> keys;    // DOMAIN=env:NAME, DOMAIN=@FILE: private ones that are not in the key store
    std::optional<std::string> method, carrier, accepted, refused, body, seconds, total, jobs, rate;
    std::optional<std::string> resume, transcript; // files
    std::optional<std::string> listen, listen_url;
    bool dangerous = false;
    NetworkOptions network;
};

} // namespace jwtdomain::cli
