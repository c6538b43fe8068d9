// Signatures that were made elsewhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "jwtdomain/crypto/signature.h"

namespace jwtdomain::cli {

// The signature in what a tool gave: raw octets, base64 or base64url of them, or for ECDSA the DER that OpenSSL and
// most hardware write. The one that verifies is taken, as the raw octets of a token's third part; nullopt if none does.
std::optional<std::string> find_signature(SignatureVerifier& verifier, std::string_view signing_input,
                                          std::string_view given);

} // namespace jwtdomain::cli
