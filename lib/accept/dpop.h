// Demonstrating Proof of Possession (RFC 9449): the proof that a client makes for each request with the key to which
// its token is bound.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "jwtdomain/base/json.h"
#include "jwtdomain/base/result.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain::accept {

// How old a proof may be, and by how much its clock may be ahead.
constexpr Seconds kProofAge = 60, kProofAhead = 10;

// The request that a proof must be for.
struct ProofRequest {
    std::string method;                                // "POST"
    std::string uri;                                   // absolute; query and fragment do not count
    std::optional<std::string_view> access_token = {}; // sent with it, of which the proof must hold the hash
    std::optional<std::string> nonce = {};             // that the server gave
};

struct DpopProof {
    std::string thumbprint; // RFC 7638, of the key that made it
    std::string id;         // what makes it unique: of the key and of jti
    Time issued = 0;
};

// Section 4.3, all of it but for the jti, which the caller must see at most once until kProofAge + kProofAhead after
// `issued`. Faults: invalid, with what is wrong.
Result<DpopProof> check_proof(std::string_view proof, const ProofRequest& request, Time now);

// The key to which a token is bound (section 6.1), by its RFC 7638 thumbprint; nullopt: to none.
std::optional<std::string_view> bound_to(json::Value claims);

// Section 4.2. Faults: internal; usage (a key with which none can be made).
Result<std::string> make_proof(const PrivateKey& key, const ProofRequest& request, Time now);

} // namespace jwtdomain::accept
