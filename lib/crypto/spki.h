// AlgorithmIdentifiers of keys in SubjectPublicKeyInfo and PrivateKeyInfo (RFC 5280, 5480, 5958, 8017, 8410). Internal
// to lib/crypto.
// Internal: not installed.
#pragma once

#include <string>

#include "jwtdomain/base/result.h"
#include "jwtdomain/crypto/algorithm.h"
#include "jwtdomain/crypto/der.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain::der {

// Faults: invalid, unsupported (an algorithm or curve that is not ours, explicit EC parameters).
Result<KeyType> read_key_algorithm(Reader& reader);
void append_key_algorithm(std::string& out, KeyType type);

// The curve of an OBJECT IDENTIFIER's contents. Faults: unsupported.
Result<KeyType> find_curve(std::string_view oid);
std::string_view curve_oid(KeyType type);

std::string encode_spki(const PublicNumbers& numbers);
std::string encode_pkcs1_public(const PublicNumbers& numbers);
Result<PublicNumbers> decode_spki(std::string_view octets); // PKCS#1 RSAPublicKey too

// The SubjectPublicKeyInfo inside an X.509 Certificate (RFC 5280 section 4.1). Faults: invalid.
Result<std::string_view> find_spki(std::string_view certificate);

inline tl::unexpected<Error> malformed(const char* what) {
    return fail(Fault::invalid, std::string("the DER of the ") + what + " is malformed");
}

} // namespace jwtdomain::der
