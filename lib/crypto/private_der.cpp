#include "jwtdomain/crypto/private_der.h"

#include "jwtdomain/base/secret_text.h"
#include "jwtdomain/crypto/curve.h"
#include "jwtdomain/crypto/spki.h"

namespace jwtdomain::der {
namespace {

using Numbers = PrivateKey::Numbers;

Result<Numbers> decode_pkcs1(std::string_view octets) {
    std::string_view contents, n, e, d, p, q, dp, dq, qi;
    unsigned version = 0;
    Reader outer(octets);
    if (!outer.read(kSequence, contents) || !outer.empty()) return malformed("RSA private key");
    Reader inner(contents);
    if (!inner.read_small(version)) return malformed("RSA private key");
    if (version != 0) return fail(Fault::unsupported, "the RSA key has more than two primes");
    for (std::string_view* number : {&n, &e, &d, &p, &q, &dp, &dq, &qi}) {
        if (!inner.read_unsigned(*number)) return malformed("RSA private key");
    }
    if (!inner.empty()) return malformed("RSA private key");
    return Numbers{.pub = {.type = KeyType::rsa, .x = {}, .y = {}, .n = std::string(n), .e = std::string(e)},
                   .d = SecretBytes(d),
                   .p = SecretBytes(p),
                   .q = SecretBytes(q),
                   .dp = SecretBytes(dp),
                   .dq = SecretBytes(dq),
                   .qi = SecretBytes(qi)};
}

struct Sec1 {
    std::string_view d, curve, point;
};

bool read_sec1(std::string_view octets, Sec1& key) {
    std::string_view contents, field;
    unsigned version = 0;
    Reader outer(octets);
    if (!outer.read(kSequence, contents) || !outer.empty()) return false;
    Reader inner(contents);
    if (!inner.read_small(version) || version != 1 || !inner.read(kOctetString, key.d)) return false;
    if (inner.next_is(kContext0)) {
        if (!inner.read(kContext0, field)) return false;
        Reader parameters(field);
        if (!parameters.read(kOid, key.curve) || !parameters.empty()) return false;
    }
    if (inner.next_is(kContext1)) {
        if (!inner.read(kContext1, field)) return false;
        Reader point(field);
        if (!point.read_bits(key.point) || !point.empty()) return false;
    }
    return inner.empty();
}

// `outside`: the curve that PrivateKeyInfo names around it.
Result<Numbers> decode_sec1(std::string_view octets, std::optional<KeyType> outside) {
    Sec1 key;
    if (!read_sec1(octets, key)) return malformed("EC private key");
    if (key.curve.empty() && !outside) return fail(Fault::invalid, "the EC private key does not name its curve");
    KeyType type = outside.value_or(KeyType::p256);
    if (!key.curve.empty()) {
        Result<KeyType> named = find_curve(key.curve);
        if (!named) return tl::unexpected(named.error());
        if (outside && *outside != *named) return fail(Fault::invalid, "the EC private key names two curves");
        type = *named;
    }
    const std::size_t width = curve::width(type);
    if (key.d.size() > width) return malformed("EC private key");
    SecretBytes d(width); // some writers drop leading zeros
    key.d.copy(d.expose_mutable() + (width - key.d.size()), key.d.size());
    Result<curve::Affine> point =
        key.point.empty() ? curve::multiply_generator(type, d) : curve::decode_point(type, key.point);
    if (!point) return tl::unexpected(point.error());
    return Numbers{.pub = {.type = type, .x = std::move(point->x), .y = std::move(point->y), .n = {}, .e = {}},
                   .d = std::move(d),
                   .p = {},
                   .q = {},
                   .dp = {},
                   .dq = {},
                   .qi = {}};
}

// CurvePrivateKey of RFC 8410 section 7. The public part is derived by PrivateKey::from_numbers when x is empty.
Result<Numbers> decode_okp(KeyType type, std::string_view octets, std::string_view point) {
    std::string_view d;
    Reader outer(octets);
    if (!outer.read(kOctetString, d) || !outer.empty() || d.size() != curve::width(type)) {
        return malformed("Edwards-curve private key");
    }
    return Numbers{.pub = {.type = type, .x = std::string(point), .y = {}, .n = {}, .e = {}},
                   .d = SecretBytes(d),
                   .p = {},
                   .q = {},
                   .dp = {},
                   .dq = {},
                   .qi = {}};
}

Result<Numbers> decode_pkcs8(Reader inner, unsigned version) {
    std::string_view key, attributes, bits;
    Result<KeyType> type = read_key_algorithm(inner);
    if (!type) return tl::unexpected(type.error());
    if (version > 1 || !inner.read(kOctetString, key)) return malformed("private key");
    if (inner.next_is(kContext0) && !inner.read(kContext0, attributes)) return malformed("private key");
    if (version == 1 && inner.next_is(kImplicit1)) {
        if (!inner.read(kImplicit1, bits) || bits.empty() || bits[0] != 0) return malformed("private key");
        bits.remove_prefix(1);
    }
    if (!inner.empty()) return malformed("private key");
    if (*type == KeyType::rsa) return decode_pkcs1(key);
    return curve::is_edwards(*type) ? decode_okp(*type, key, bits) : decode_sec1(key, *type);
}

void append_pkcs1(std::string& out, const Numbers& numbers) {
    SecretText members;
    append_unsigned(members.text, {});
    append_unsigned(members.text, numbers.pub.n);
    append_unsigned(members.text, numbers.pub.e);
    for (const SecretBytes* number : {&numbers.d, &numbers.p, &numbers.q, &numbers.dp, &numbers.dq, &numbers.qi}) {
        append_unsigned(members.text, number->expose());
    }
    append(out, kSequence, members.text);
}

void append_sec1(std::string& out, const Numbers& numbers, bool with_curve) {
    SecretText members;
    append_unsigned(members.text, "\x01");
    append(members.text, kOctetString, numbers.d.expose());
    if (with_curve) {
        std::string curve;
        append(curve, kOid, curve_oid(numbers.pub.type));
        append(members.text, kContext0, curve);
    }
    std::string point;
    append_bits(point, "\x04" + numbers.pub.x + numbers.pub.y);
    append(members.text, kContext1, point);
    append(out, kSequence, members.text);
}

} // namespace

Result<Numbers> decode_private(std::string_view octets) {
    std::string_view contents;
    unsigned version = 0;
    Reader outer(octets);
    if (!outer.read(kSequence, contents) || !outer.empty()) return malformed("private key");
    Reader inner(contents);
    if (!inner.read_small(version)) return malformed("private key");
    if (inner.next_is(kSequence)) return decode_pkcs8(inner, version);
    if (inner.next_is(kInteger)) return decode_pkcs1(octets);
    return decode_sec1(octets, std::nullopt);
}

SecretBytes encode_pkcs1(const Numbers& numbers) {
    SecretText out;
    append_pkcs1(out.text, numbers);
    return SecretBytes(out.text);
}

SecretBytes encode_sec1(const Numbers& numbers) {
    SecretText out;
    append_sec1(out.text, numbers, true);
    return SecretBytes(out.text);
}

SecretBytes encode_pkcs8(const Numbers& numbers) {
    SecretText key, contents, out;
    if (numbers.pub.type == KeyType::rsa) {
        append_pkcs1(key.text, numbers);
    } else if (curve::is_weierstrass(numbers.pub.type)) {
        append_sec1(key.text, numbers, false);
    } else {
        append(key.text, kOctetString, numbers.d.expose());
    }
    append_unsigned(contents.text, {});
    append_key_algorithm(contents.text, numbers.pub.type);
    append(contents.text, kOctetString, key.text);
    append(out.text, kSequence, contents.text);
    return SecretBytes(out.text);
}

} // namespace jwtdomain::der
