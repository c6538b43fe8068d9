// The numbers of a private key from and to DER. Internal to the library.
// Internal: not installed.
#pragma once

#include <string_view>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/secret.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain::der {

// PrivateKeyInfo, PKCS#1 RSAPrivateKey or SEC 1 ECPrivateKey. Missing public parts are derived. Faults: invalid,
// unsupported.
Result<PrivateKey::Numbers> decode_private(std::string_view octets);

SecretBytes encode_pkcs8(const PrivateKey::Numbers& numbers);
SecretBytes encode_pkcs1(const PrivateKey::Numbers& numbers); // RSA only
SecretBytes encode_sec1(const PrivateKey::Numbers& numbers);  // EC only

} // namespace jwtdomain::der
