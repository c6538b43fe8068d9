// a x^2 + y^2 = 1 + d x^2 y^2, so x^2 follows from y, and twice a point has a y that follows from both. y is kept as a
// fraction: one inversion at the end.
#include "jwtdomain/audit/edwards.h"

#include "jwtdomain/crypto/openssl.h"

namespace jwtdomain::audit {
namespace {

using openssl::Bignum;

class Field {
public:
    Field(bool is_25519) : context_(BN_CTX_new()), p_(BN_new()) {
        BN_set_bit(p_.get(), is_25519 ? 255 : 448);
        if (is_25519) {
            BN_sub_word(p_.get(), 19);
        } else {
            const Bignum middle(BN_new());
            BN_set_bit(middle.get(), 224);
            BN_sub(p_.get(), p_.get(), middle.get());
            BN_sub_word(p_.get(), 1);
        }
    }
    Bignum add(const Bignum& a, const Bignum& b) const { return apply(BN_mod_add, a, b); }
    Bignum minus(const Bignum& a, const Bignum& b) const { return apply(BN_mod_sub, a, b); }
    Bignum times(const Bignum& a, const Bignum& b) const { return apply(BN_mod_mul, a, b); }
    Bignum over(const Bignum& a, const Bignum& b) const { // null for b = 0
        Bignum inverse(BN_mod_inverse(nullptr, b.get(), p_.get(), context_.get()));
        return inverse ? times(a, inverse) : nullptr;
    }
    Bignum number(unsigned long value) const {
        Bignum out(BN_new());
        BN_set_word(out.get(), value);
        return out;
    }
    Bignum reduced(const Bignum& a) const {
        Bignum out(BN_new());
        BN_nnmod(out.get(), a.get(), p_.get(), context_.get());
        return out;
    }

private:
    template <class Operation> Bignum apply(Operation operation, const Bignum& a, const Bignum& b) const {
        Bignum out(BN_new());
        operation(out.get(), a.get(), b.get(), p_.get(), context_.get());
        return out;
    }
    openssl::BignumContext context_;
    Bignum p_;
};

// d of Ed25519 is -121665/121666, that of Ed448 -39081.
Bignum curve_d(const Field& field, bool is_25519) {
    const Bignum zero = field.number(0);
    if (!is_25519) return field.minus(zero, field.number(39081));
    return field.over(field.minus(zero, field.number(121665)), field.number(121666));
}

struct Fraction {
    Bignum above, below;
};

// From y^2 = above/below of a point to y of twice the point. With X = x^2 = (1 - Y)/(a - dY) and Y = y^2:
// y' = (Y - aX)/(2 - aX - Y).
Fraction doubled(const Field& field, const Fraction& square, const Bignum& d, bool is_25519) {
    const Bignum one_less = field.minus(square.below, square.above); // 1 - Y, times below
    const Bignum dy = field.times(d, square.above);
    // a X = one_less / bottom
    const Bignum bottom = is_25519 ? field.add(square.below, dy) : field.minus(square.below, dy);
    const Bignum y = field.times(square.above, bottom), ax = field.times(one_less, square.below);
    const Bignum unit = field.times(square.below, bottom);
    return {field.minus(y, ax), field.minus(field.add(unit, unit), field.add(ax, y))};
}

} // namespace

std::string without_cofactor(bool is_25519, std::string_view point) {
    const std::size_t size = is_25519 ? 32 : 57;
    if (point.size() != size) return {};
    std::string octets(point);
    octets.back() = static_cast<char>(octets.back() & 0x7f);
    const Field field(is_25519);
    const Bignum d = curve_d(field, is_25519);
    const Bignum written(BN_lebin2bn(openssl::octets(octets), static_cast<int>(size), nullptr));
    const Bignum y = field.reduced(written);
    Fraction fraction{field.times(y, field.number(1)), field.number(1)};
    for (int times = is_25519 ? 3 : 2; times > 0; --times)
        fraction =
            doubled(field, {field.times(fraction.above, fraction.above), field.times(fraction.below, fraction.below)},
                    d, is_25519);
    const Bignum result = field.over(fraction.above, fraction.below);
    if (!result) return {};
    std::string out(size, '\0');
    if (BN_bn2lebinpad(result.get(), openssl::octets(out.data()), static_cast<int>(size)) < 0) return {};
    return out;
}

} // namespace jwtdomain::audit
