// ECDSA signatures under a nonce that the test chooses, made from their equations (FIPS 186-5 section 6.4.1).
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/curve.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/crypto/openssl.h"
#include "jwtdomain/crypto/sha2.h"

namespace jwtdomain::test {

inline std::string padded(const BIGNUM* number, std::size_t size) {
    std::string out(size, '\0');
    BN_bn2binpad(number, openssl::octets(out.data()), static_cast<int>(size));
    return out;
}

// r || s under this nonce; with `other_form`, n - s in place of s.
inline std::string signature_with(const PrivateKey& key, Algorithm algorithm, std::string_view input,
                                  const SecretBytes& nonce, bool other_form = false) {
    const AlgorithmInfo& about = info(algorithm);
    const std::size_t size = about.signature_size / 2;
    const openssl::Group group(EC_GROUP_new_by_curve_name(OBJ_sn2nid(curve::group_name(about.key))));
    const openssl::BignumContext work(BN_CTX_new());
    const BIGNUM* const n = EC_GROUP_get0_order(group.get());
    const auto point = curve::multiply_generator(about.key, nonce).value();
    const auto numbers = key.numbers().value();
    unsigned char digest[sha2::kMaxDigest];
    const std::size_t length = sha2::digest(about.hash_bits, input, digest);
    const openssl::Bignum r = openssl::bignum(point.x), d = openssl::bignum(numbers.d.expose()),
                          k = openssl::bignum(nonce.expose()), s(BN_new()),
                          z = openssl::bignum({reinterpret_cast<const char*>(digest), length});
    const int excess = static_cast<int>(8 * length) - BN_num_bits(n);
    if (excess > 0) BN_rshift(z.get(), z.get(), excess);
    BN_nnmod(r.get(), r.get(), n, work.get());
    BN_mod_mul(s.get(), r.get(), d.get(), n, work.get());
    BN_mod_add(s.get(), s.get(), z.get(), n, work.get());
    BN_mod_inverse(k.get(), k.get(), n, work.get());
    BN_mod_mul(s.get(), s.get(), k.get(), n, work.get());
    if (other_form) BN_sub(s.get(), n, s.get());
    return padded(r.get(), size) + padded(s.get(), size);
}

inline SecretBytes nonce_of(KeyType type, unsigned char fill) {
    SecretBytes out(curve::width(type));
    for (std::size_t i = 2; i < out.size(); ++i) out.expose_mutable()[i] = static_cast<char>(fill + i);
    return out;
}

inline std::string sign_with_nonce(const PrivateKey& key, Algorithm algorithm, std::string_view header,
                                   std::string_view claims, const SecretBytes& nonce, bool other_form = false) {
    const std::string input = base64url_encode(header) + "." + base64url_encode(claims);
    return input + "." + base64url_encode(signature_with(key, algorithm, input, nonce, other_form));
}

} // namespace jwtdomain::test
