// Everything that a token, or a key, opens: which services accept it, and until when.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jwtdomain/accept/engine.h"
#include "jwtdomain/audit/estate.h"

namespace jwtdomain::audit {

struct Opening {
    std::size_t service = 0; // in Estate::services
    const accept::Path* path = nullptr;
    bool verified = false;               // its signature was checked; false: all but the signature was
    std::string key = {};                // the kid, else the thumbprint, of the key that verified it
    const accept::KeyUse* use = nullptr; // that key, of `path`; null: none was asked
    std::optional<Time> until = {};      // when time alone ends it; nullopt: never
};

// A service of which it cannot be said: opaque, unguarded, keys not read, or a token of a form that is read in several
// ways.
struct Undecided {
    std::size_t service = 0;
    std::string why;
};

struct BlastRadius {
    std::vector<Opening> openings;  // one for each service that accepts, in their order
    std::vector<std::size_t> later; // services that will accept it once it becomes valid (nbf, iat)
    std::vector<Undecided> undecided;
    bool revoked = false; // some path refused it for that alone
};

// The engines of an estate's paths, made when they are first asked for: for who asks of many tokens. Belongs to one
// thread; the estate must outlive it.
class Engines {
public:
    accept::PathEngine& of(const accept::Path& path);

private:
    std::unordered_map<const accept::Path*, accept::PathEngine> made_;
};

// Of all services, or of those of one domain. `token` is in compact serialization. Where the signature is missing, cut
// off or damaged, the rest decides and `verified` says so.
BlastRadius blast_radius(const Estate& estate, std::string_view token, const accept::Context& context,
                         std::optional<std::size_t> domain = {}, Engines* engines = nullptr);

// Services that take a token signed by whoever holds one of these keys, whatever it says. `verified` means that the
// keys are the same, and the key in use there, for certain.
BlastRadius blast_radius(const Estate& estate, const std::vector<KeyIdentity>& keys);

} // namespace jwtdomain::audit
