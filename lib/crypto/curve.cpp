#include "jwtdomain/crypto/curve.h"

#include <algorithm>

#include <openssl/err.h>
#include <openssl/objects.h>

#include "jwtdomain/crypto/openssl.h"

namespace jwtdomain::curve {
namespace {

using namespace openssl;

int group_id(KeyType type) {
    switch (type) {
    case KeyType::p256: return NID_X9_62_prime256v1;
    case KeyType::p384: return NID_secp384r1;
    case KeyType::p521: return NID_secp521r1;
    case KeyType::secp256k1: return NID_secp256k1;
    case KeyType::ed25519:
    case KeyType::ed448:
    case KeyType::rsa:
    case KeyType::hmac: return NID_undef;
    }
    return NID_undef;
}

tl::unexpected<Error> not_on_curve(KeyType type) {
    ERR_clear_error();
    return fail(Fault::invalid, "the point is not on the curve " + std::string(name_of(type)));
}

Result<Affine> coordinates(KeyType type, const EC_GROUP* group, const EC_POINT* point) {
    const Bignum x(BN_new()), y(BN_new());
    if (!EC_POINT_get_affine_coordinates(group, point, x.get(), y.get(), nullptr))
        return not_on_curve(type); // infinity
    const std::size_t size = width(type);
    Affine out{std::string(size, '\0'), std::string(size, '\0')};
    BN_bn2binpad(x.get(), octets(out.x.data()), static_cast<int>(size));
    BN_bn2binpad(y.get(), octets(out.y.data()), static_cast<int>(size));
    return out;
}

// -x^2 + y^2 = 1 + d x^2 y^2 with d = -a/b for Ed25519, x^2 + y^2 = 1 + d x^2 y^2 with d = -a/b for Ed448.
struct Edwards {
    Bignum p;
    unsigned long a, b;
};

Edwards edwards(KeyType type) {
    Edwards curve{Bignum(BN_new()), 39081, 1};
    if (type == KeyType::ed25519) {
        curve.a = 121665;
        curve.b = 121666;
        BN_set_bit(curve.p.get(), 255);
        BN_sub_word(curve.p.get(), 19);
    } else {
        const Bignum middle(BN_new());
        BN_set_bit(middle.get(), 224);
        BN_set_bit(curve.p.get(), 448);
        BN_sub(curve.p.get(), curve.p.get(), middle.get());
        BN_sub_word(curve.p.get(), 1);
    }
    return curve;
}

enum class EdwardsPoint { good, not_canonical, small_order, not_on_curve };

// For a y that is canonical: x^2 = b(y^2 - 1) / (b - a y^2) on Ed25519 and b(1 - y^2) / (b + a y^2) on Ed448, so the
// point exists when the product of numerator and denominator is a square. Points of order 1, 2 and 4 have y = 1, -1 or
// 0; those of order 8 (Ed25519 alone) double to y = 0, that is x^2 = -y^2.
EdwardsPoint classify(KeyType type, const BIGNUM* y, const Edwards& curve, BN_CTX* context) {
    const BIGNUM* p = curve.p.get();
    if (BN_cmp(y, p) >= 0) return EdwardsPoint::not_canonical;
    const Bignum minus_one(BN_dup(p));
    BN_sub_word(minus_one.get(), 1);
    if (BN_is_zero(y) || BN_is_one(y) || BN_cmp(y, minus_one.get()) == 0) return EdwardsPoint::small_order;

    const Bignum square(BN_new()), top(BN_new()), bottom(BN_new()), b(BN_new());
    BN_set_word(b.get(), curve.b);
    BN_mod_sqr(square.get(), y, p, context);
    BN_copy(bottom.get(), square.get());
    BN_mul_word(bottom.get(), curve.a);
    if (type == KeyType::ed25519) {
        BN_mod_sub(bottom.get(), b.get(), bottom.get(), p, context);
        BN_mod_sub(top.get(), square.get(), BN_value_one(), p, context);
    } else {
        BN_mod_add(bottom.get(), b.get(), bottom.get(), p, context);
        BN_mod_sub(top.get(), BN_value_one(), square.get(), p, context);
    }
    BN_mod_mul(top.get(), top.get(), b.get(), p, context);
    if (type == KeyType::ed25519) {
        const Bignum left(BN_new());
        BN_mod_mul(left.get(), square.get(), bottom.get(), p, context);
        BN_mod_add(left.get(), left.get(), top.get(), p, context);
        if (BN_is_zero(left.get())) return EdwardsPoint::small_order;
    }
    BN_mod_mul(top.get(), top.get(), bottom.get(), p, context);
    return BN_kronecker(top.get(), p, context) == 1 ? EdwardsPoint::good : EdwardsPoint::not_on_curve;
}

} // namespace

std::size_t width(KeyType type) {
    switch (type) {
    case KeyType::p256:
    case KeyType::secp256k1:
    case KeyType::ed25519: return 32;
    case KeyType::p384: return 48;
    case KeyType::p521: return 66;
    case KeyType::ed448: return 57;
    case KeyType::rsa:
    case KeyType::hmac: return 0;
    }
    return 0;
}

bool is_weierstrass(KeyType type) { return group_id(type) != NID_undef; }

bool is_edwards(KeyType type) { return type == KeyType::ed25519 || type == KeyType::ed448; }

const char* group_name(KeyType type) { return OBJ_nid2sn(group_id(type)); }

Result<Affine> decode_point(KeyType type, std::string_view encoded) {
    const std::size_t size = width(type);
    const char form = encoded.empty() ? '\0' : encoded[0];
    const bool uncompressed = form == 4 && encoded.size() == 1 + 2 * size;
    const bool compressed = (form == 2 || form == 3) && encoded.size() == 1 + size;
    if (!uncompressed && !compressed) {
        return fail(Fault::invalid, "the public point has no form of SEC 1 that fits " + std::string(name_of(type)));
    }
    const Group group(EC_GROUP_new_by_curve_name(group_id(type)));
    const Point point(EC_POINT_new(group.get()));
    if (!EC_POINT_oct2point(group.get(), point.get(), octets(encoded), encoded.size(), nullptr)) {
        return not_on_curve(type);
    }
    return coordinates(type, group.get(), point.get());
}

Result<Affine> multiply_generator(KeyType type, const SecretBytes& d) {
    const Group group(EC_GROUP_new_by_curve_name(group_id(type)));
    const Bignum scalar = bignum(d.expose());
    BN_set_flags(scalar.get(), BN_FLG_CONSTTIME);
    if (BN_is_zero(scalar.get()) || BN_cmp(scalar.get(), EC_GROUP_get0_order(group.get())) >= 0) {
        return fail(Fault::invalid,
                    "the private scalar is not between 1 and the order of " + std::string(name_of(type)));
    }
    const Point point(EC_POINT_new(group.get()));
    if (!EC_POINT_mul(group.get(), point.get(), scalar.get(), nullptr, nullptr, nullptr)) return not_on_curve(type);
    return coordinates(type, group.get(), point.get());
}

Status check_edwards(KeyType type, std::string_view encoded) {
    const std::string name(name_of(type));
    if (encoded.size() != width(type)) {
        return fail(Fault::invalid, "a public key of " + name + " has " + std::to_string(width(type)) +
                                        " octets, not " + std::to_string(encoded.size()));
    }
    std::string big_endian(encoded.rbegin(), encoded.rend());
    big_endian[0] = static_cast<char>(big_endian[0] & 0x7f); // the sign of x
    const BignumContext context(BN_CTX_new());
    switch (classify(type, bignum(big_endian).get(), edwards(type), context.get())) {
    case EdwardsPoint::good: return {};
    case EdwardsPoint::not_canonical: return fail(Fault::invalid, "the point is not in the canonical form of " + name);
    case EdwardsPoint::small_order:
        return fail(Fault::invalid, "the point has a small order on " + name + ": anyone can sign for such a key");
    case EdwardsPoint::not_on_curve: break;
    }
    return not_on_curve(type);
}

} // namespace jwtdomain::curve
