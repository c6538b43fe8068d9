#include <algorithm>
#include <bit>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/curve.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/crypto/openssl.h"
#include "jwtdomain/crypto/sha2.h"
#include "jwtdomain/crypto/spki.h"

namespace jwtdomain {

struct PublicKey::Impl {
    PublicNumbers numbers;
    unsigned bits;
    std::string identity;
    std::string thumbprint;
    openssl::Pkey pkey;
};

namespace {

using namespace openssl;

constexpr unsigned kMinRsaBits = 2048;
constexpr unsigned kMaxRsaBits = 16384;

unsigned bit_length(std::string_view big_endian) {
    if (big_endian.empty()) return 0;
    unsigned bits = static_cast<unsigned>(big_endian.size() - 1) * 8;
    for (unsigned top = static_cast<unsigned char>(big_endian[0]); top > 0; top >>= 1) ++bits;
    return bits;
}

bool is_even(std::string_view big_endian) { return (big_endian.back() & 1) == 0; }

std::string without_leading_zeros(std::string_view number) {
    return std::string(number.substr(std::min(number.find_first_not_of('\0'), number.size())));
}

Status check_rsa(PublicNumbers& numbers) {
    numbers.n = without_leading_zeros(numbers.n);
    numbers.e = without_leading_zeros(numbers.e);
    const unsigned bits = bit_length(numbers.n);
    if (bits < kMinRsaBits || bits > kMaxRsaBits) {
        return fail(Fault::invalid, "the RSA modulus has " + std::to_string(bits) +
                                        " bits: " + std::to_string(kMinRsaBits) + " to " + std::to_string(kMaxRsaBits) +
                                        " are accepted (RFC 7518 section 3.3)");
    }
    if (is_even(numbers.n)) return fail(Fault::invalid, "the RSA modulus is even");
    const unsigned exponent_bits = bit_length(numbers.e);
    if (exponent_bits < 17 || exponent_bits > 64 || is_even(numbers.e)) {
        return fail(Fault::invalid, "the RSA exponent is not an odd number above 65536 and below 2^64");
    }
    return {};
}

// The point of EC keys is checked by EVP_PKEY_fromdata, which sets its coordinates.
Status check(PublicNumbers& numbers) {
    if (numbers.type == KeyType::rsa) return check_rsa(numbers);
    if (curve::is_edwards(numbers.type)) return curve::check_edwards(numbers.type, numbers.x);
    const std::size_t width = curve::width(numbers.type);
    if (width == 0) return fail(Fault::usage, "an HMAC secret has no public key");
    if (numbers.x.size() != width || numbers.y.size() != width) {
        return fail(Fault::invalid, "a coordinate of a point on " + std::string(name_of(numbers.type)) + " has " +
                                        std::to_string(width) + " octets (RFC 7518 section 6.2.1.2)");
    }
    return {};
}

Pkey from_params(const char* name, OSSL_PARAM* params) {
    EVP_PKEY* pkey = nullptr;
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, name, nullptr));
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1) {
        ERR_clear_error();
        return {};
    }
    return Pkey(pkey);
}

// OSSL_PARAM holds integers in the byte order of the machine.
std::string native_order(const std::string& big_endian) {
    if constexpr (std::endian::native == std::endian::big) return big_endian;
    return {big_endian.rbegin(), big_endian.rend()};
}

Pkey make_rsa(const PublicNumbers& numbers) {
    std::string n = native_order(numbers.n), e = native_order(numbers.e);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, octets(n.data()), n.size()),
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, octets(e.data()), e.size()),
        OSSL_PARAM_construct_end(),
    };
    return from_params("RSA", params);
}

Pkey make_ec(const PublicNumbers& numbers) {
    std::string group = curve::group_name(numbers.type);
    std::string point = "\x04" + numbers.x + numbers.y;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size()),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end(),
    };
    return from_params("EC", params);
}

Pkey make_okp(const PublicNumbers& numbers) {
    std::string point = numbers.x;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end(),
    };
    return from_params(numbers.type == KeyType::ed25519 ? "ED25519" : "ED448", params);
}

Pkey make_pkey(const PublicNumbers& numbers) {
    if (numbers.type == KeyType::rsa) return make_rsa(numbers);
    return curve::is_edwards(numbers.type) ? make_okp(numbers) : make_ec(numbers);
}

// RFC 7638 section 3.2 and RFC 8037 section 2: the required members only, by name, without white space.
std::string thumbprint_input(const PublicNumbers& numbers) {
    const std::string curve(name_of(numbers.type));
    if (numbers.type == KeyType::rsa) {
        return R"({"e":")" + base64url_encode(numbers.e) + R"(","kty":"RSA","n":")" + base64url_encode(numbers.n) +
               R"("})";
    }
    if (curve::is_edwards(numbers.type)) {
        return R"({"crv":")" + curve + R"(","kty":"OKP","x":")" + base64url_encode(numbers.x) + R"("})";
    }
    return R"({"crv":")" + curve + R"(","kty":"EC","x":")" + base64url_encode(numbers.x) + R"(","y":")" +
           base64url_encode(numbers.y) + R"("})";
}

} // namespace

std::string identify(const PublicNumbers& numbers) {
    std::string out = std::string(name_of(numbers.type)) + ":";
    if (numbers.type == KeyType::rsa) return out + without_leading_zeros(numbers.n);
    if (curve::is_edwards(numbers.type)) return out + numbers.x;
    for (const std::string* coordinate : {&numbers.x, &numbers.y}) {
        const std::string digits = without_leading_zeros(*coordinate);
        const std::size_t width = curve::width(numbers.type);
        out.append(width - std::min(width, digits.size()), '\0');
        out += digits;
    }
    return out;
}

std::string identify_x25519(std::string_view u) {
    constexpr std::size_t kSize = 32;
    if (u.size() != kSize) return {};
    const openssl::BignumContext context(BN_CTX_new());
    const openssl::Bignum p(BN_new()), number(BN_lebin2bn(openssl::octets(u), kSize, nullptr)), above(BN_new()),
        below(BN_new());
    BN_set_bit(p.get(), 255);
    BN_sub_word(p.get(), 19);
    BN_mask_bits(number.get(), 255);
    BN_mod_sub(above.get(), number.get(), BN_value_one(), p.get(), context.get());
    BN_mod_add(below.get(), number.get(), BN_value_one(), p.get(), context.get());
    if (!BN_mod_inverse(below.get(), below.get(), p.get(), context.get())) return {};
    BN_mod_mul(above.get(), above.get(), below.get(), p.get(), context.get());
    std::string y(kSize, '\0');
    if (BN_bn2lebinpad(above.get(), openssl::octets(y.data()), kSize) != kSize) return {};
    return identify({.type = KeyType::ed25519, .x = std::move(y), .y = {}, .n = {}, .e = {}});
}

Result<PublicKey> PublicKey::from_numbers(const PublicNumbers& given) {
    PublicNumbers numbers = given;
    if (Status checked = check(numbers); !checked) return tl::unexpected(checked.error());
    Pkey pkey = make_pkey(numbers);
    if (!pkey) {
        if (!curve::is_weierstrass(numbers.type)) return fail(Fault::internal, "OpenSSL refused a public key");
        return fail(Fault::invalid, "the point is not on the curve " + std::string(name_of(numbers.type)));
    }
    const unsigned bits =
        numbers.type == KeyType::rsa ? bit_length(numbers.n) : static_cast<unsigned>(EVP_PKEY_get_bits(pkey.get()));
    auto impl = std::make_shared<Impl>();
    impl->bits = bits;
    impl->identity = identify(numbers);
    impl->thumbprint = base64url_encode(sha256(thumbprint_input(numbers)));
    impl->pkey = std::move(pkey);
    impl->numbers = std::move(numbers);
    return PublicKey(std::move(impl));
}

Result<PublicKey> PublicKey::from_spki(std::string_view der) {
    Result<PublicNumbers> numbers = der::decode_spki(der);
    if (!numbers) return tl::unexpected(numbers.error());
    return from_numbers(*numbers);
}

Result<PublicKey> PublicKey::from_certificate(std::string_view der) {
    Result<std::string_view> spki = der::find_spki(der);
    if (!spki) return tl::unexpected(spki.error());
    return from_spki(*spki);
}

KeyType PublicKey::type() const { return impl_->numbers.type; }
unsigned PublicKey::bits() const { return impl_->bits; }
const PublicNumbers& PublicKey::numbers() const { return impl_->numbers; }
const std::string& PublicKey::identity() const { return impl_->identity; }
std::string PublicKey::spki() const { return der::encode_spki(impl_->numbers); }
const std::string& PublicKey::thumbprint() const { return impl_->thumbprint; }
EVP_PKEY* PublicKey::native() const { return impl_->pkey.get(); }

} // namespace jwtdomain
