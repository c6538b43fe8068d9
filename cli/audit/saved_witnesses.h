// Witnesses that are kept: as regression tests, `audit --save-witnesses DIR`, and as tokens for a running verifier,
// `--real-keys`.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/audit/prove.h"
#include "jwtdomain/store/keystore.h"

namespace jwtdomain::cli {

// Writes a file for the example of each confirmed crossing, NAME.json by source, service and attacker, which holds what
// its token is made of. Replaces those of an earlier run with the same name. Faults: those of writing.
Status save_witnesses(const audit::Estate& estate, const audit::Findings& findings, const std::string& directory);

// A token that crosses so, good for a minute at most, signed with the key that the path really takes, from `keys`, or
// by nobody if the path asks for no signature. Faults: unsupported (the attacker first adds a key), invalid
// (the engine refuses the token), those of load_private_half and of make_real_witness.
Result<audit::Witness> real_witness(const audit::Estate& estate, const audit::Crossing& crossing,
                                    const store::KeyStore& keys);

struct RealTokens {
    std::size_t written = 0;
    std::vector<std::string> left_out; // which, and why
};

// Writes beside each of those files NAME.jwt, private: that token. Faults: those of write_private_file.
Result<RealTokens> save_real_tokens(const audit::Estate& estate, const audit::Findings& findings,
                                    const store::KeyStore& keys, const std::string& directory);

} // namespace jwtdomain::cli
