// Keys that everybody has: the examples of the RFCs, the keys that jwt.io fills in, the secrets in samples and defaults
// of frameworks. One table, made of tests/data/known_keys.json: what an audit recognises (rule KEY-05), by digest, and
// what a guesser tries first.
#pragma once

#include <span>
#include <string_view>

namespace jwtdomain {

struct KnownKey {
    std::string_view name;   // "the RSA key of RFC 7515 appendix A.2": for sentences
    std::string_view source; // where anybody can read it: a document, a repository with its commit
};

struct KnownSecret {
    std::string_view octets;
    const KnownKey* key;
};

// By a digest of 64 hexadecimal digits: SHA-256 of PublicKey::identity(), or sha2::hmac_identity() of a secret. Null if
// it is not known. It lives as long as the program.
const KnownKey* find_known_key_by_digest(std::string_view digest);

// Every HMAC secret of the table, as a program that does not decode it has it.
std::span<const KnownSecret> known_secrets();

// Words of the secrets that people make up, in small letters.
std::span<const std::string_view> secret_words();

} // namespace jwtdomain
