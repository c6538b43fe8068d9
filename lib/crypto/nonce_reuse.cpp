#include "jwtdomain/crypto/nonce_reuse.h"

#include <string>

#include "jwtdomain/crypto/curve.h"
#include "jwtdomain/crypto/ecdsa_der.h"
#include "jwtdomain/crypto/openssl.h"

namespace jwtdomain {
namespace {

using openssl::Bignum;

struct Field {
    explicit Field(KeyType key)
        : group(EC_GROUP_new_by_curve_name(OBJ_sn2nid(curve::group_name(key)))), work(BN_CTX_secure_new()) {}
    bool good() const { return group && work; }
    const BIGNUM* order() const { return EC_GROUP_get0_order(group.get()); }
    openssl::Group group;
    openssl::BignumContext work;
};

// The leftmost bits of the digest, as many as the order has (FIPS 186-5 section 6.4.1).
Bignum number_of(const Field& field, std::string_view digest) {
    Bignum out = openssl::bignum(digest);
    const int excess = static_cast<int>(8 * digest.size()) - BN_num_bits(field.order());
    if (out && excess > 0 && BN_rshift(out.get(), out.get(), excess) != 1) out.reset();
    return out;
}

bool is_good(const PublicKey& key, const SignedDigest& of) {
    const openssl::PkeyContext context(EVP_PKEY_CTX_new(key.native(), nullptr));
    unsigned char der[ecdsa::kMaxDer];
    const std::size_t size = ecdsa::to_der(of.signature, der);
    return context && EVP_PKEY_verify_init(context.get()) == 1 &&
           EVP_PKEY_verify(context.get(), der, size, openssl::octets(of.digest), of.digest.size()) == 1;
}

// (s1 k - z1) / r with k = (z1 - z2) / divisor. Null where something has no inverse.
Bignum scalar_of(const Field& field, const BIGNUM* r, const BIGNUM* s, const BIGNUM* z, const BIGNUM* other,
                 const BIGNUM* divisor) {
    const BIGNUM* const n = field.order();
    BN_CTX* const work = field.work.get();
    const Bignum k(BN_secure_new()), inverse(BN_secure_new());
    Bignum d(BN_secure_new());
    if (!k || !inverse || !d || BN_is_zero(divisor) || BN_is_zero(r)) return nullptr;
    const bool done =
        BN_mod_inverse(inverse.get(), divisor, n, work) != nullptr && BN_mod_sub(k.get(), z, other, n, work) == 1 &&
        BN_mod_mul(k.get(), k.get(), inverse.get(), n, work) == 1 && BN_mod_mul(d.get(), s, k.get(), n, work) == 1 &&
        BN_mod_sub(d.get(), d.get(), z, n, work) == 1 && BN_mod_inverse(inverse.get(), r, n, work) != nullptr &&
        BN_mod_mul(d.get(), d.get(), inverse.get(), n, work) == 1;
    if (!done || BN_is_zero(d.get())) return nullptr;
    return d;
}

std::optional<PrivateKey> key_of(KeyType type, const BIGNUM* d) {
    SecretBytes octets(curve::width(type));
    if (BN_bn2binpad(d, openssl::octets(octets.expose_mutable()), static_cast<int>(octets.size())) < 0)
        return std::nullopt;
    auto point = curve::multiply_generator(type, octets);
    if (!point) return std::nullopt;
    PrivateKey::Numbers numbers{
        .pub = {.type = type, .x = std::move(point->x), .y = std::move(point->y), .n = {}, .e = {}},
        .d = std::move(octets),
        .p = {},
        .q = {},
        .dp = {},
        .dq = {},
        .qi = {}};
    auto key = PrivateKey::from_numbers(std::move(numbers));
    return key ? std::optional(std::move(*key)) : std::nullopt;
}

} // namespace

std::optional<PrivateKey> recover_from_nonce(Algorithm algorithm, const SignedDigest& a, const SignedDigest& b) {
    const AlgorithmInfo& about = info(algorithm);
    const std::size_t size = about.signature_size;
    if (about.family != Family::ecdsa || a.signature.size() != size || b.signature.size() != size) return std::nullopt;
    const std::string_view r_octets = a.signature.substr(0, size / 2);
    if (b.signature.substr(0, size / 2) != r_octets || a.digest == b.digest || a.digest.size() != about.hash_bits / 8 ||
        b.digest.size() != about.hash_bits / 8)
        return std::nullopt;
    const Field field(about.key);
    const Bignum difference(BN_secure_new()), sum(BN_secure_new());
    if (!field.good() || !difference || !sum) return std::nullopt;
    const Bignum r = openssl::bignum(r_octets), s1 = openssl::bignum(a.signature.substr(size / 2)),
                 s2 = openssl::bignum(b.signature.substr(size / 2)), z1 = number_of(field, a.digest),
                 z2 = number_of(field, b.digest);
    if (!r || !s1 || !s2 || !z1 || !z2) return std::nullopt;
    if (BN_mod_sub(difference.get(), s1.get(), s2.get(), field.order(), field.work.get()) != 1 ||
        BN_mod_add(sum.get(), s1.get(), s2.get(), field.order(), field.work.get()) != 1)
        return std::nullopt;
    for (const BIGNUM* divisor : {difference.get(), sum.get()}) {
        const Bignum d = scalar_of(field, r.get(), s1.get(), z1.get(), z2.get(), divisor);
        auto key = d ? key_of(about.key, d.get()) : std::nullopt;
        if (!key) continue;
        if (is_good(key->public_key(), a) && is_good(key->public_key(), b)) return key;
    }
    return std::nullopt;
}

} // namespace jwtdomain
