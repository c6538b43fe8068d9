// SD-JWT: tokens whose claims are disclosed one by one (RFC 9901). Taken apart, not verified.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jwtdomain {

// "<JWS>~<disclosure>~...~<key binding JWT or nothing>" (RFC 9901 section 4).
struct SdJwtParts {
    std::string_view jws;
    std::vector<std::string_view> disclosures;
    std::string_view key_binding; // empty: none
    std::string_view presented;   // what the key binding covers: up to the last '~', with it
};
SdJwtParts split_sd_jwt(std::string_view text);

struct Disclosure {
    std::string digest; // base64url, as the token would reference it
    bool readable = false;
    std::string defect;    // why not, or what is wrong beside
    bool of_array = false; // an element of an array: has no name
    std::string name;      // untrusted
    std::string value;     // JSON, as received
    bool referenced = false;
    std::string place; // where it belongs, as a JSON Pointer (RFC 6901); empty if unreferenced
};

struct Disclosed {
    std::vector<Disclosure> disclosures; // in the order of the text
    std::size_t undisclosed = 0;         // digests without disclosure: hidden claims or decoys
    std::string hash;                    // of _sd_alg, or sha-256
    bool hash_known = true;              // else no digest was computed
    std::vector<std::string> defects;    // e.g. a digest that is referenced twice
};

// Holds the disclosures against the digests in `claims` (the payload, JSON) and in each other.
Disclosed resolve_disclosures(std::string_view claims, const std::vector<std::string_view>& disclosures);

// Digest as in _sd and sd_hash: base64url of the hash of the octets. Empty for an unknown hash.
std::string sd_digest(std::string_view hash, std::string_view octets);

} // namespace jwtdomain
