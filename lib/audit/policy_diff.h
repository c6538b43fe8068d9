// What a change of the policy weakens: two policies compared by what they mean, field by field, and by what the prover
// says of each. Files, order, spelling and places do not count; what a domain inherits from defaults does.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/accept/revocation.h"
#include "jwtdomain/audit/ignores.h"
#include "jwtdomain/audit/prove.h"

namespace jwtdomain::audit {

enum class Direction : std::uint8_t {
    weaker,    // more is accepted, minted or taken on trust than before
    different, // it may be either
    stronger,
    neutral, // nothing that was there before is guarded more or less
};
std::string_view name_of(Direction direction);

struct Change {
    enum class Kind : std::uint8_t {
        isolation, // who gets in where: proved
        depth,     // how many facts stand between two: proved
        policy,
        domain,
        keys,
        resource,
        issuance,
        client,
        refresh,
        rotation,
        trust,
        exchange,
        verifier,
        revocation,
        ignore, // in ignores.yaml
    };
    Kind kind = Kind::domain;
    Direction direction = Direction::different;
    std::string subject; // "prod", "staging -> prod"
    std::string what;    // "access token life"; empty of `isolation`
    // Either may be empty: then the other one is what has come or gone.
    std::string before, after;
    std::size_t count = 1;                 // of subjects that changed alike, of which this is the first
    std::optional<Attacker> attacker = {}; // of `isolation`: the weakest that gets through, on the weaker side

    bool proved() const { return kind == Kind::isolation || kind == Kind::depth; }
};
std::string_view name_of(Change::Kind kind);

struct PolicyDiff {
    std::vector<Change> changes; // weaker, different, stronger, neutral; of these the proved first, by attacker
    bool depth_compared = true;  // false: there are too many pairs

    std::size_t count(Direction direction) const;
    // weaker if anything is; else different if anything is; else stronger, else neutral. nullopt: the same.
    std::optional<Direction> verdict() const;
};

// One of the two policies, as it was proved.
struct Proved {
    const Estate& estate;
    const Findings& findings;
    std::span<const Ignore> ignores = {};
    std::span<const accept::Revocation> revocations = {};
};

// Domains and resources go by name, verifiers and paths without a name by what they say. Both estates were made for the
// same time.
PolicyDiff diff_policies(const Proved& before, const Proved& after);

} // namespace jwtdomain::audit
