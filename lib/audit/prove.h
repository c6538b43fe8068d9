// The prover: for every ordered pair of domains and every attacker, is there a token that the attacker can have of the
// one and a verifier of the other accepts?
//
// What it does not list is separated, and by what can be asked again with check(). Where it could not decide, it lists
// the pair as unknown: silence is a proof.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/audit/witness.h"

namespace jwtdomain::audit {

// Domains whose tokens cross into services alike: every source into every service, except into its own domain's.
struct Crossing {
    enum class Status : std::uint8_t {
        confirmed, // both sides are exact, and the engine took the witness
        candidate, // the model has a token that crosses, but something on the way is not known
        unknown,   // neither a token nor a separation was found
    };
    Status status = Status::confirmed;
    Attacker attacker = Attacker::insider; // the weakest that suffices
    std::vector<std::size_t> sources;      // domains, in order; for an outsider: all
    std::vector<std::size_t> services;     // of Estate::services, in order
    std::string why;                       // of candidate and unknown: what is not known
    // One example of it: the first source, but for the service's own domain, into the first service.
    std::size_t source = 0, service = 0;
    const accept::Path* path = nullptr;
    Route route; // of exchanges
    Check check;
    std::optional<Witness> witness;

    bool has(std::size_t source_domain, std::size_t service_index) const;
};

// A pair where only tokens of a declared trust edge cross.
struct DeclaredTrust {
    std::size_t service = 0, source = 0;
    auto operator<=>(const DeclaredTrust&) const = default;
};

// What is known of one source and one service: the weakest attacker that gets through for certain, and the weakest of
// whom it is not known.
struct Cell {
    std::optional<Attacker> leak, unknown;
    bool declared = false;

    void let_in(Crossing::Status status, Attacker attacker);
};

struct Findings {
    std::vector<Crossing> crossings; // worst first: confirmed, then by attacker, then as the policy has them
    std::vector<DeclaredTrust> declared;
    std::vector<std::size_t> broken; // services that refuse the tokens of their own domain, in order

    // Linear in the number of crossings.
    Cell cell(const Estate& estate, std::size_t source, std::size_t service) const;
};

// `keys` makes the keys of witnesses.
Findings prove(const Estate& estate, EphemeralKeys& keys);

enum class Verdict : std::uint8_t {
    leaks,      // some token crosses for an attacker that is to be held against
    not_proven, // none is known to, but something could not be decided
    isolated,   // proved, under the assumptions that are printed with it
    consistent, // the policy held against itself has no crossing
};
std::string_view name_of(Verdict verdict); // "NOT PROVEN"

// The same crossing of another of its sources, into another of its services, with a token that its attacker can have of
// that source; its witness has not been run. nullopt: none is known for certain.
std::optional<Crossing> crossing_at(const Estate& estate, const Crossing& crossing, std::size_t source,
                                    std::size_t service);

// What stands against `against`, the strongest attacker that counts.
Verdict verdict_of(const Estate& estate, const Findings& findings, Attacker against);
Verdict verdict_of_service(const Estate& estate, const Findings& findings, std::size_t service, Attacker against);

} // namespace jwtdomain::audit
