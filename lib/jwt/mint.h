// Making tokens: the header, the identifiers, the signature. What may stand in the claims is the policy's business
// (policy/issuance.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain {

// A member of an object whose value is JSON text already.
struct RawMember {
    std::string name;
    std::string json;
};

struct TokenHeader {
    std::string algorithm; // as it is to be written: "ES256", "EdDSA"
    std::optional<std::string> kid, type;
    std::vector<RawMember> further;
};

// {"alg":...,"kid":...,"typ":...} and what is further. All text must be well-formed UTF-8.
std::string write_header(const TokenHeader& header);

// BASE64URL(header) || '.' || BASE64URL(claims): RFC 7515 section 5.1, step 8.
std::string make_signing_input(std::string_view header, std::string_view claims);

// The compact serialization of a signing input. Faults: those of Signer.
Result<std::string> sign_compact(const SigningKey& key, Algorithm algorithm, const std::string& signing_input);

// Values for jti: 128 random bits each, as 22 characters of base64url (RFC 7519 section 4.1.7). Draws its random octets
// in large pieces.
class TokenIds {
public:
    // Valid until the next call.
    const std::string& next();

private:
    std::string octets_, id_;
    std::size_t used_ = 0;
};

// Signs one token after the other with the same key and header; keeps its buffers. Belongs to one thread.
class Minter {
public:
    Minter(Signer signer, std::string_view header);

    // Appends the compact serialization of a token with those claims. Faults: internal; then `out` is as it was.
    Status mint(std::string_view claims, std::string& out);

private:
    Signer signer_;
    std::string prefix_; // the header's part and the dot
    std::string input_;
};

} // namespace jwtdomain
