// What a Signer and a SignatureVerifier have in common: which algorithm fits which key, and prepared contexts. Internal
// to lib/crypto.
// Internal: not installed.
#pragma once

#include "jwtdomain/base/result.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/crypto/openssl.h"

namespace jwtdomain::signing {

// Faults: invalid.
Status check_fit(KeyType key, Algorithm algorithm);
Status check_fit(const HmacKey& key, Algorithm algorithm); // with the shortest secret of RFC 7518 section 3.2

enum class Direction { sign, verify };

// For RSA and ECDSA over a digest, ready for EVP_PKEY_sign or EVP_PKEY_verify any number of times. Null if OpenSSL
// fails.
openssl::PkeyContext digest_context(EVP_PKEY* key, const AlgorithmInfo& algorithm, Direction direction);

} // namespace jwtdomain::signing
