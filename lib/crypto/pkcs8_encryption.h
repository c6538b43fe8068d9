// Encrypted PKCS#8: EncryptedPrivateKeyInfo (RFC 5958 section 3) with PBES2 (RFC 8018 section 6.2). Internal to the
// library.
#pragma once

#include <string_view>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/secret.h"

namespace jwtdomain::der {

// The PrivateKeyInfo inside. PBKDF2 with HMAC of SHA-1, SHA-256, SHA-384 or SHA-512, or scrypt (RFC 7914); AES-CBC or
// 3DES. Faults: invalid (malformed, or the wrong passphrase), unsupported (other schemes), limit (too costly).
Result<SecretBytes> decrypt_pkcs8(std::string_view der, const SecretBytes& passphrase);

// AES-256-CBC under PBKDF2-HMAC-SHA256 with `iterations` and a random salt. Faults: internal.
constexpr unsigned kIterations = 600'000;
Result<SecretBytes> encrypt_pkcs8(const SecretBytes& private_key_info, const SecretBytes& passphrase,
                                  unsigned iterations = kIterations);

} // namespace jwtdomain::der
