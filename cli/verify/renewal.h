// Keys that are newer than what was read when a long run began: a token with a kid that is not known has its domain's
// keys asked for again.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "cli/app/session.h"
#include "jwtdomain/policy/verifier_set.h"

namespace jwtdomain::cli {

// The kid of a token, if it has one that can be read: a key of that name that is not in its set yet may be new.
std::optional<std::string> kid_of(std::string_view token);

// May be shared by threads.
class Renewal {
public:
    Renewal(Session& session, policy::VerifierSet& set) : session_(session), set_(set) {}

    // Asks for the keys of the domain once more, at most once a minute, and only if the network may be asked. If they
    // cannot be had, it goes on with those that it has.
    void renew(std::size_t domain, std::string_view token);

private:
    Session& session_;
    policy::VerifierSet& set_;
    std::mutex mutex_;
    std::unordered_map<std::size_t, Time> last_;
};

} // namespace jwtdomain::cli
