// Signatures of RSA keys that are not known here, put together by whose they say that they are: two of one key give its
// public half away (crypto/rsa_candidate.h).
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "jwtdomain/crypto/rsa_candidate.h"

namespace jwtdomain::scan {

class RsaSamples {
public:
    // A whole JWS in compact serialization, once each; others than of RS256, RS384 and RS512 are passed over.
    void add(std::string_view token);

    struct Sample {
        unsigned hash_bits = 256;
        std::string digest, signature;
        std::string name; // the fingerprint of the token
        RsaSignature view() const { return {hash_bits, digest, signature}; }
    };
    struct Group {
        std::string issuer, kid; // as the tokens say; untrusted; may be empty
        std::size_t size = 0;    // octets of a signature
        std::vector<Sample> samples = {};
        std::size_t count = 0; // of all; the first few are kept
    };
    // Those with two tokens or more, the largest first.
    std::vector<const Group*> groups() const;

private:
    std::map<std::tuple<std::string, std::string, std::size_t>, Group> groups_; // by issuer, kid and size
};

} // namespace jwtdomain::scan
