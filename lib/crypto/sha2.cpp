// The one place that uses OpenSSL's low-level SHA-2 interface, which OpenSSL 3 declares deprecated. It is here because
// its states can be copied by value: HMAC through EVP_MAC allocates, copies a provider's context and dispatches by name
// for every message and reaches a fifth of this speed on a token. The block functions beneath are the same. Tests
// compare every result with EVP on random input.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "jwtdomain/crypto/sha2.h"

#include <cstring>
#include <new>

#include <openssl/sha.h>

#include "jwtdomain/base/secret.h"

namespace jwtdomain::sha2 {
namespace {

// One shape for the three functions, so that everything else is written once.
template <unsigned Bits> struct Function;
template <> struct Function<256> {
    using State = SHA256_CTX;
    static constexpr std::size_t block = SHA256_CBLOCK;
    static void init(State* s) { SHA256_Init(s); }
    static void update(State* s, const void* data, std::size_t size) { SHA256_Update(s, data, size); }
    static void finish(State* s, unsigned char* out) { SHA256_Final(out, s); }
};
template <> struct Function<384> {
    using State = SHA512_CTX;
    static constexpr std::size_t block = SHA512_CBLOCK;
    static void init(State* s) { SHA384_Init(s); }
    static void update(State* s, const void* data, std::size_t size) { SHA384_Update(s, data, size); }
    static void finish(State* s, unsigned char* out) { SHA384_Final(out, s); }
};
template <> struct Function<512> {
    using State = SHA512_CTX;
    static constexpr std::size_t block = SHA512_CBLOCK;
    static void init(State* s) { SHA512_Init(s); }
    static void update(State* s, const void* data, std::size_t size) { SHA512_Update(s, data, size); }
    static void finish(State* s, unsigned char* out) { SHA512_Final(out, s); }
};

template <class F> auto dispatch(unsigned bits, F&& f) {
    switch (bits) {
    case 384: return f(Function<384>{});
    case 512: return f(Function<512>{});
    default: return f(Function<256>{});
    }
}

template <unsigned Bits> std::size_t hash(std::string_view octets, unsigned char* out) {
    typename Function<Bits>::State state;
    Function<Bits>::init(&state);
    Function<Bits>::update(&state, octets.data(), octets.size());
    Function<Bits>::finish(&state, out);
    return Bits / 8;
}

// The state after one block of the key, zero-padded and masked.
template <unsigned Bits> void absorb_key(unsigned char* to, const unsigned char* key, unsigned char mask) {
    using F = Function<Bits>;
    unsigned char block[F::block];
    for (std::size_t i = 0; i < F::block; ++i) block[i] = static_cast<unsigned char>(key[i] ^ mask);
    typename F::State state;
    F::init(&state);
    F::update(&state, block, F::block);
    std::memcpy(to, &state, sizeof state);
    wipe(&state, sizeof state);
    wipe(block, sizeof block);
}

} // namespace

std::size_t digest(unsigned bits, std::string_view octets, unsigned char* out) {
    return dispatch(bits, [&]<unsigned Bits>(Function<Bits>) { return hash<Bits>(octets, out); });
}

std::size_t block_size(unsigned bits) {
    return dispatch(bits, []<unsigned Bits>(Function<Bits>) { return Function<Bits>::block; });
}

std::string hmac_identity(unsigned bits, std::string_view secret) {
    unsigned char hashed[kMaxDigest];
    if (secret.size() > block_size(bits)) {
        const std::size_t size = digest(bits, secret, hashed);
        secret = {reinterpret_cast<const char*>(hashed), size};
    }
    while (!secret.empty() && secret.back() == '\0') secret.remove_suffix(1);
    std::string identity(32, '\0');
    digest(256, secret, reinterpret_cast<unsigned char*>(identity.data()));
    wipe(hashed, sizeof hashed);
    return identity;
}

Hmac::Hmac(unsigned bits, std::string_view secret) : bits_(bits) {
    dispatch(bits, [&]<unsigned Bits>(Function<Bits>) {
        static_assert(sizeof(typename Function<Bits>::State) <= kStateSize);
        unsigned char key[SHA512_CBLOCK] = {};
        if (secret.size() > Function<Bits>::block) {
            hash<Bits>(secret, key);
        } else if (!secret.empty()) {
            std::memcpy(key, secret.data(), secret.size());
        }
        absorb_key<Bits>(inner_, key, 0x36);
        absorb_key<Bits>(outer_, key, 0x5c);
        wipe(key, sizeof key);
    });
}

Hmac::~Hmac() {
    wipe(inner_, sizeof inner_);
    wipe(outer_, sizeof outer_);
}

std::size_t Hmac::mac(std::string_view message, unsigned char* out) const {
    return dispatch(bits_, [&]<unsigned Bits>(Function<Bits>) {
        using F = Function<Bits>;
        typename F::State state;
        std::memcpy(&state, inner_, sizeof state);
        F::update(&state, message.data(), message.size());
        unsigned char inner_digest[kMaxDigest];
        F::finish(&state, inner_digest);
        std::memcpy(&state, outer_, sizeof state);
        F::update(&state, inner_digest, Bits / 8);
        F::finish(&state, out);
        return std::size_t{Bits / 8};
    });
}

} // namespace jwtdomain::sha2
