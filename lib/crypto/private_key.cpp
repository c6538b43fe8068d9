#include <array>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include "jwtdomain/crypto/curve.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/crypto/openssl.h"
#include "jwtdomain/crypto/private_der.h"

namespace jwtdomain {

struct PrivateKey::Impl {
    PublicKey pub;
    openssl::Pkey pkey;
};

namespace {

using namespace openssl;
using Numbers = PrivateKey::Numbers;
using ParamBuilder = Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = Handle<OSSL_PARAM, OSSL_PARAM_free>;

struct SecretMember {
    const char* name;
    SecretBytes Numbers::*member;
};
constexpr std::array<SecretMember, 6> kRsaSecrets{{
    {OSSL_PKEY_PARAM_RSA_D, &Numbers::d},
    {OSSL_PKEY_PARAM_RSA_FACTOR1, &Numbers::p},
    {OSSL_PKEY_PARAM_RSA_FACTOR2, &Numbers::q},
    {OSSL_PKEY_PARAM_RSA_EXPONENT1, &Numbers::dp},
    {OSSL_PKEY_PARAM_RSA_EXPONENT2, &Numbers::dq},
    {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, &Numbers::qi},
}};

const char* key_name(KeyType type) {
    if (type == KeyType::rsa) return "RSA";
    if (type == KeyType::ed25519) return "ED25519";
    return type == KeyType::ed448 ? "ED448" : "EC";
}

Pkey from_builder(const char* name, OSSL_PARAM_BLD* builder) {
    const Params params(OSSL_PARAM_BLD_to_param(builder));
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, name, nullptr));
    EVP_PKEY* pkey = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &pkey, EVP_PKEY_KEYPAIR, params.get()) != 1) {
        ERR_clear_error();
        return {};
    }
    return Pkey(pkey);
}

Pkey make_rsa(const Numbers& numbers) {
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    std::array<Bignum, kRsaSecrets.size()> secrets;
    const Bignum n = bignum(numbers.pub.n), e = bignum(numbers.pub.e);
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    for (std::size_t i = 0; i < secrets.size(); ++i) {
        secrets[i] = bignum((numbers.*kRsaSecrets[i].member).expose());
        OSSL_PARAM_BLD_push_BN(builder.get(), kRsaSecrets[i].name, secrets[i].get());
    }
    return from_builder("RSA", builder.get());
}

Pkey make_ec(const Numbers& numbers) {
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    const std::string point = "\x04" + numbers.pub.x + numbers.pub.y;
    const Bignum d = bignum(numbers.d.expose());
    BN_set_flags(d.get(), BN_FLG_CONSTTIME);
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve::group_name(numbers.pub.type), 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, d.get());
    return from_builder("EC", builder.get());
}

Pkey make_okp(const Numbers& numbers) {
    const std::string_view d = numbers.d.expose();
    return Pkey(EVP_PKEY_new_raw_private_key_ex(nullptr, key_name(numbers.pub.type), nullptr, octets(d), d.size()));
}

tl::unexpected<Error> do_not_belong_together() {
    return fail(Fault::invalid, "the private and public parts of the key do not belong together");
}

// True if a b = 1 (mod m - 1).
bool inverse_below(const BIGNUM* a, const BIGNUM* b, const BIGNUM* m, BN_CTX* context) {
    const Bignum modulus(BN_dup(m)), product(BN_new());
    BN_sub_word(modulus.get(), 1);
    return BN_mod_mul(product.get(), a, b, modulus.get(), context) == 1 && BN_is_one(product.get());
}

// Everything that RFC 8017 section 3.2 says of the numbers but that p and q are primes, which takes too long for every
// start. The public numbers have been checked.
bool rsa_is_consistent(const Numbers& numbers) {
    for (const SecretMember& secret : kRsaSecrets) {
        if ((numbers.*secret.member).size() > numbers.pub.n.size()) return false;
    }
    const BignumContext context(BN_CTX_new());
    const Bignum n = bignum(numbers.pub.n), e = bignum(numbers.pub.e), d = bignum(numbers.d.expose()),
                 p = bignum(numbers.p.expose()), q = bignum(numbers.q.expose()), dp = bignum(numbers.dp.expose()),
                 dq = bignum(numbers.dq.expose()), qi = bignum(numbers.qi.expose()), t(BN_new());
    for (const Bignum* prime : {&p, &q}) {
        if (!BN_is_odd(prime->get()) || BN_num_bits(prime->get()) < 512) return false;
    }
    BN_mul(t.get(), p.get(), q.get(), context.get());
    if (BN_cmp(t.get(), n.get()) != 0) return false;
    if (BN_cmp(d.get(), n.get()) >= 0 || BN_cmp(dp.get(), p.get()) >= 0 || BN_cmp(dq.get(), q.get()) >= 0 ||
        BN_cmp(qi.get(), p.get()) >= 0) {
        return false;
    }
    if (!inverse_below(e.get(), d.get(), p.get(), context.get()) ||
        !inverse_below(e.get(), d.get(), q.get(), context.get()) ||
        !inverse_below(e.get(), dp.get(), p.get(), context.get()) ||
        !inverse_below(e.get(), dq.get(), q.get(), context.get())) {
        return false;
    }
    return BN_mod_mul(t.get(), qi.get(), q.get(), p.get(), context.get()) == 1 && BN_is_one(t.get());
}

Status check_ec(const Numbers& numbers) {
    const std::size_t width = curve::width(numbers.pub.type);
    if (numbers.d.size() != width) {
        return fail(Fault::invalid, "the private scalar of " + std::string(name_of(numbers.pub.type)) + " has " +
                                        std::to_string(width) + " octets (RFC 7518 section 6.2.2.1)");
    }
    Result<curve::Affine> point = curve::multiply_generator(numbers.pub.type, numbers.d);
    if (!point) return tl::unexpected(point.error());
    if (point->x != numbers.pub.x || point->y != numbers.pub.y) return do_not_belong_together();
    return {};
}

// Fills in x when it is not given.
Status check_okp(Numbers& numbers) {
    const std::size_t width = curve::width(numbers.pub.type);
    if (numbers.d.size() != width) {
        return fail(Fault::invalid, "a private key of " + std::string(name_of(numbers.pub.type)) + " has " +
                                        std::to_string(width) + " octets (RFC 8032)");
    }
    const Pkey pkey = make_okp(numbers);
    std::string x(width, '\0');
    std::size_t size = width;
    if (!pkey || EVP_PKEY_get_raw_public_key(pkey.get(), octets(x.data()), &size) != 1) {
        return fail(Fault::internal, "OpenSSL refused a private key");
    }
    if (numbers.pub.x.empty()) numbers.pub.x = x;
    return numbers.pub.x == x ? Status{} : do_not_belong_together();
}

SecretBytes secret_number(const EVP_PKEY* pkey, const char* name, std::size_t width) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(pkey, name, &number) != 1) return {};
    const Bignum owned(number);
    SecretBytes out(width > 0 ? width : static_cast<std::size_t>(BN_num_bytes(number)));
    BN_bn2binpad(number, octets(out.expose_mutable()), static_cast<int>(out.size()));
    return out;
}

std::string public_number(const EVP_PKEY* pkey, const char* name, std::size_t width) {
    return std::string(secret_number(pkey, name, width).expose());
}

// What a key that OpenSSL made consists of.
Numbers numbers_of(const EVP_PKEY* pkey, KeyType type) {
    Numbers out{.pub = {.type = type, .x = {}, .y = {}, .n = {}, .e = {}},
                .d = {},
                .p = {},
                .q = {},
                .dp = {},
                .dq = {},
                .qi = {}};
    const std::size_t width = curve::width(type);
    if (type == KeyType::rsa) {
        out.pub.n = public_number(pkey, OSSL_PKEY_PARAM_RSA_N, 0);
        out.pub.e = public_number(pkey, OSSL_PKEY_PARAM_RSA_E, 0);
        for (const SecretMember& secret : kRsaSecrets) out.*secret.member = secret_number(pkey, secret.name, 0);
    } else if (curve::is_weierstrass(type)) {
        out.pub.x = public_number(pkey, OSSL_PKEY_PARAM_EC_PUB_X, width);
        out.pub.y = public_number(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, width);
        out.d = secret_number(pkey, OSSL_PKEY_PARAM_PRIV_KEY, width);
    } else {
        std::size_t size = width;
        out.d = SecretBytes(width);
        EVP_PKEY_get_raw_private_key(pkey, octets(out.d.expose_mutable()), &size);
    }
    return out;
}

} // namespace

Result<PrivateKey> PrivateKey::generate(KeyType type, unsigned rsa_bits) {
    Pkey pkey;
    if (type == KeyType::rsa) {
        if (rsa_bits < 2048 || rsa_bits > 8192 || rsa_bits % 8 != 0) {
            return fail(Fault::usage, "RSA keys are made with 2048 to 8192 bits, in whole octets");
        }
        pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{rsa_bits}));
    } else if (curve::is_weierstrass(type)) {
        pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve::group_name(type)));
    } else if (curve::is_edwards(type)) {
        pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, key_name(type)));
    } else {
        return fail(Fault::usage, "an HMAC secret is made by HmacKey::generate");
    }
    if (!pkey) return fail(Fault::internal, "OpenSSL could not make a key");
    return from_numbers(numbers_of(pkey.get(), type));
}

Result<PrivateKey> PrivateKey::from_pkcs8(std::string_view der) {
    Result<Numbers> numbers = der::decode_private(der);
    if (!numbers) return tl::unexpected(numbers.error());
    return from_numbers(std::move(*numbers));
}

Result<PrivateKey> PrivateKey::from_numbers(Numbers numbers) {
    const KeyType type = numbers.pub.type;
    if (curve::is_edwards(type)) {
        if (Status checked = check_okp(numbers); !checked) return tl::unexpected(checked.error());
    }
    Result<PublicKey> pub = PublicKey::from_numbers(numbers.pub);
    if (!pub) return tl::unexpected(pub.error());
    if (type == KeyType::rsa && !rsa_is_consistent(numbers)) return do_not_belong_together();
    if (curve::is_weierstrass(type)) {
        if (Status checked = check_ec(numbers); !checked) return tl::unexpected(checked.error());
    }
    Pkey pkey = type == KeyType::rsa      ? make_rsa(numbers)
                : curve::is_edwards(type) ? make_okp(numbers)
                                          : make_ec(numbers);
    if (!pkey) return fail(Fault::internal, "OpenSSL refused a private key");
    return PrivateKey(std::make_shared<Impl>(Impl{std::move(*pub), std::move(pkey)}));
}

const PublicKey& PrivateKey::public_key() const { return impl_->pub; }

Result<Numbers> PrivateKey::numbers() const {
    Numbers out = numbers_of(native(), type());
    out.pub = public_key().numbers();
    if (out.d.empty()) return fail(Fault::internal, "OpenSSL did not give a private key back");
    return out;
}

Result<SecretBytes> PrivateKey::pkcs8() const {
    Result<Numbers> out = numbers();
    if (!out) return tl::unexpected(out.error());
    return der::encode_pkcs8(*out);
}

EVP_PKEY* PrivateKey::native() const { return impl_->pkey.get(); }

} // namespace jwtdomain
