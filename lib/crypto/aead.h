// Authenticated encryption (AES-256-GCM, NIST SP 800-38D) under keys that are derived (HKDF with SHA-256, RFC 5869).
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/secret.h"

namespace jwtdomain {

// 32 octets from a secret that is random already. Different for each `info`, which says what the key is for.
SecretBytes derive_key(std::string_view secret, std::string_view salt, std::string_view info);

// A random nonce, the ciphertext and the tag. `bound` is not in it, and must be given again to open it. The key has 32
// octets. Faults: internal.
Result<std::string> aead_seal(const SecretBytes& key, std::string_view text, std::string_view bound);

// Faults: invalid (another key, another `bound`, or somebody changed it).
Result<SecretBytes> aead_open(const SecretBytes& key, std::string_view sealed, std::string_view bound);

// HMAC with SHA-256 (RFC 2104): 32 octets.
std::string keyed_hash(const SecretBytes& key, std::string_view text);

// In a time that does not depend on where they differ.
bool equal_secrets(std::string_view a, std::string_view b);

} // namespace jwtdomain
