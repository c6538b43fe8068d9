// Certificates that nobody should believe.
#pragma once

#include <string>

#include "jwtdomain/base/time.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain {

// A certificate in DER for the key, signed by itself, for the common name `name` (ASCII, up to 64 octets) and with no
// extensions: what a verifier that takes keys out of x5c is asked with. Faults: internal.
Result<std::string> self_signed_certificate(const PrivateKey& key, const std::string& name, Time from, Time to);

} // namespace jwtdomain
