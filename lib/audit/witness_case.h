// Witnesses that are kept: each is a regression test, which is to stay refused once the crossing is mended. No token is
// kept, only what it is made of: it is made anew, with a key of its own and the times of the day, whenever it is run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/audit/prove.h"

namespace jwtdomain::audit {

struct WitnessCase {
    enum class SignedBy : std::uint8_t {
        nobody,
        shared_key, // a key of the path: `thumbprint`, or its HMAC secret if that is empty
        added_key,  // one that the attacker put into a source of the path
    };
    std::string source = {}, domain = {}, service = {}; // names; `domain` is the service's
    Attacker attacker = Attacker::insider;
    SignedBy signed_by = SignedBy::shared_key;
    std::string thumbprint = {};
    std::string header = {}, claims = {}; // JSON
};

// Of the example of a crossing. Its witness must be there.
WitnessCase case_of(const Estate& estate, const Crossing& crossing);

std::string write_case(const WitnessCase& witness);
// Strict. Faults: invalid, with what is wrong and where.
Result<WitnessCase> parse_case(std::string_view text, const std::string& file);

struct Replay {
    enum class Outcome : std::uint8_t { held, crosses, undecided } outcome = Outcome::held;
    std::string why; // of undecided: no such service any more, or it cannot be said; of held: the reasons of its paths
};

// Runs the case against what guards the service now.
Replay replay(const Estate& estate, const WitnessCase& witness, EphemeralKeys& keys);

} // namespace jwtdomain::audit
