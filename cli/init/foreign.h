// An issuer that is somebody else's, as `init` describes it: what was typed, its key set, a token of it, and what it
// publishes of itself.
#pragma once

#include <string>
#include <vector>

#include "cli/init/create.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/policy/plan.h"

namespace jwtdomain::cli {

struct ForeignIssuer {
    std::string domain, preset;
    std::string issuer;    // as it calls itself; empty: as the preset or the sample has it
    std::string keys_text; // of --jwks, to be copied; empty: its keys stay where they are
    JwkSet keys;           // as far as they are known
    std::vector<std::string> audiences;
    std::vector<std::string> facts; // where what was not typed comes from, each a line for the report
};

// With --resource, its metadata must name exactly one authorization server, or that which was given besides: that is
// the issuer. With --fetch the issuer's metadata and keys are asked for: the issuer must call itself exactly so, and
// the preset is recognised if none is given. Faults: usage (what kind it is was not said, and cannot be seen; which of
// several issuers is meant), conflict (the resource names another one than was given), those of reading, and those of
// resource_metadata, issuer_metadata and fetch_keys.
Result<ForeignIssuer> read_foreign(Session& session, const InitOptions& options);

// Its domain, as it is to be written. Faults: those of write_preset and of reading the sample.
Result<policy::NewDomain> foreign_domain(Session& session, const InitOptions& options, const ForeignIssuer& issuer);

std::vector<policy::KeyOwner> owners(const JwkSet& set, const std::string& domain);

} // namespace jwtdomain::cli
