// What tokens show only beside each other: nonces that an ECDSA key has used twice, which give its private half away,
// and identifiers that two tokens have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jwtdomain/crypto/algorithm.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain::scan {

// Two tokens of one key with one nonce. That they are of one key is proved: the private key that they give makes both
// signatures good.
struct RepeatedNonce {
    Algorithm algorithm;
    std::string first, second; // fingerprints
    std::string r;             // octets; public
    PrivateKey key;            // never printed
};

// One `jti` (RFC 7519 section 4.1.7) of one issuer in two tokens that differ.
struct RepeatedId {
    std::string issuer, id; // untrusted
    std::string first, second;
};

class CrossTokens {
public:
    // Looks at so many tokens; those behind are counted alone. About 300 octets each are kept.
    explicit CrossTokens(std::size_t most = 50'000) : most_(most) {}

    // A whole JWS in compact serialization, once each; nothing is verified. What cannot be read is passed over.
    void add(std::string_view token);

    // Keys are told once each, by the first two tokens that show it.
    const std::vector<RepeatedNonce>& nonces() const { return nonces_; }
    const std::vector<RepeatedId>& ids() const { return ids_; }
    std::size_t passed_over() const { return passed_over_; } // tokens behind the limit

private:
    struct Signed {
        std::string name, digest, signature; // name: the fingerprint
    };
    void look_at_nonce(Algorithm algorithm, std::string_view input, std::string_view signature,
                       const std::string& name);
    void look_at_id(const std::string& issuer, const std::string& id, const std::string& name);
    std::size_t most_;
    std::size_t taken_ = 0, passed_over_ = 0;
    std::unordered_map<std::string, std::vector<Signed>> by_r_; // algorithm and r
    std::unordered_map<std::string, std::string> by_id_;        // digest of issuer and jti -> fingerprint
    std::vector<RepeatedNonce> nonces_;
    std::vector<RepeatedId> ids_;
};

} // namespace jwtdomain::scan
