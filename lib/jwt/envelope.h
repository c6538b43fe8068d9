// Signed envelopes (DSSE, the Dead Simple Signing Envelope v1.0.2 of secure-systems-lab): what is signed is the payload
// with its type, octet by octet, so that nothing is parsed before it is verified.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain {

struct Envelope {
    struct Signature {
        std::string key_id; // a hint, not signed: the RFC 7638 thumbprint where we wrote it
        std::string octets;
    };
    std::string payload;
    std::string type; // "application/vnd.in-toto+json"
    std::vector<Signature> signatures;
};

// Signs with the key's own algorithm, else the customary one of its type, and writes it as JSON with a newline at its
// end. Faults: usage (a secret: anybody who can check the signature could have made it), internal.
Result<std::string> seal(std::string_view payload, std::string_view type, const PrivateJwk& key);

// As it is: with the signatures that it has, which may be none.
std::string write_envelope(const Envelope& envelope);

// Nothing is verified. `file` names it in errors. Faults: invalid, limit (beyond `most` octets).
Result<Envelope> open_envelope(std::string_view text, const std::string& file, std::size_t most);

// Is it one, by its first member names? For files that may be sealed or not.
bool looks_sealed(std::string_view text);

// Has one of these keys signed it?
bool is_signed_by(const Envelope& envelope, const JwkSet& keys);

} // namespace jwtdomain
