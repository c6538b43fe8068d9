#include "jwtdomain/crypto/spki.h"

#include <array>

#include "jwtdomain/crypto/curve.h"

namespace jwtdomain::der {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kRsa = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"sv;    // 1.2.840.113549.1.1.1
constexpr std::string_view kRsaPss = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"sv; // 1.2.840.113549.1.1.10
constexpr std::string_view kEc = "\x2a\x86\x48\xce\x3d\x02\x01"sv;             // 1.2.840.10045.2.1

struct Curve {
    KeyType type;
    std::string_view oid;
};
constexpr std::array kCurves{
    Curve{KeyType::p256, "\x2a\x86\x48\xce\x3d\x03\x01\x07"sv}, // 1.2.840.10045.3.1.7
    Curve{KeyType::p384, "\x2b\x81\x04\x00\x22"sv},             // 1.3.132.0.34
    Curve{KeyType::p521, "\x2b\x81\x04\x00\x23"sv},             // 1.3.132.0.35
    Curve{KeyType::secp256k1, "\x2b\x81\x04\x00\x0a"sv},        // 1.3.132.0.10
};
constexpr std::array kEdwards{
    Curve{KeyType::ed25519, "\x2b\x65\x70"sv}, // 1.3.101.112
    Curve{KeyType::ed448, "\x2b\x65\x71"sv},   // 1.3.101.113
};

Result<KeyType> read_parameters(Reader& algorithm, std::string_view oid) {
    if (oid == kRsa) {
        std::string_view null;
        if (!algorithm.empty() && (!algorithm.read(kNull, null) || !null.empty())) return malformed("RSA algorithm");
        return KeyType::rsa;
    }
    if (oid == kEc) {
        std::string_view curve;
        if (algorithm.next_is(kSequence)) {
            return fail(Fault::unsupported, "the EC key spells out its curve's parameters (CVE-2020-0601)",
                        "write it with a named curve: openssl ec -param_enc named_curve");
        }
        if (!algorithm.read(kOid, curve)) return malformed("EC algorithm");
        return find_curve(curve);
    }
    for (const Curve& entry : kEdwards) {
        if (entry.oid == oid) return entry.type;
    }
    if (oid == kRsaPss) {
        return fail(Fault::unsupported, "the key is of type RSA-PSS, which is not supported",
                    "use a key of type RSA: it signs PS256, PS384 and PS512 too");
    }
    return fail(Fault::unsupported, "the key is of an algorithm that has no JWS signatures here",
                "keys are RSA, EC (P-256, P-384, P-521, secp256k1), Ed25519 or Ed448");
}

} // namespace

Result<KeyType> find_curve(std::string_view oid) {
    for (const Curve& entry : kCurves) {
        if (entry.oid == oid) return entry.type;
    }
    return fail(Fault::unsupported, "the EC key is on a curve that JWS does not have",
                "the curves are P-256, P-384, P-521 and secp256k1");
}

std::string_view curve_oid(KeyType type) {
    for (const Curve& entry : kCurves) {
        if (entry.type == type) return entry.oid;
    }
    for (const Curve& entry : kEdwards) {
        if (entry.type == type) return entry.oid;
    }
    return {};
}

Result<KeyType> read_key_algorithm(Reader& reader) {
    std::string_view contents, oid;
    if (!reader.read(kSequence, contents)) return malformed("key algorithm");
    Reader algorithm(contents);
    if (!algorithm.read(kOid, oid)) return malformed("key algorithm");
    Result<KeyType> type = read_parameters(algorithm, oid);
    if (type && !algorithm.empty()) return malformed("key algorithm");
    return type;
}

void append_key_algorithm(std::string& out, KeyType type) {
    std::string algorithm;
    if (type == KeyType::rsa) {
        append(algorithm, kOid, kRsa);
        append(algorithm, kNull, {});
    } else if (curve::is_weierstrass(type)) {
        append(algorithm, kOid, kEc);
        append(algorithm, kOid, curve_oid(type));
    } else {
        append(algorithm, kOid, curve_oid(type));
    }
    append(out, kSequence, algorithm);
}

std::string encode_pkcs1_public(const PublicNumbers& numbers) {
    std::string members, out;
    append_unsigned(members, numbers.n);
    append_unsigned(members, numbers.e);
    append(out, kSequence, members);
    return out;
}

std::string encode_spki(const PublicNumbers& numbers) {
    std::string contents, out;
    append_key_algorithm(contents, numbers.type);
    if (numbers.type == KeyType::rsa) {
        append_bits(contents, encode_pkcs1_public(numbers));
    } else if (curve::is_weierstrass(numbers.type)) {
        append_bits(contents, "\x04" + numbers.x + numbers.y);
    } else {
        append_bits(contents, numbers.x);
    }
    append(out, kSequence, contents);
    return out;
}

namespace {

Result<PublicNumbers> decode_pkcs1_public(std::string_view octets) {
    std::string_view contents, n, e;
    Reader outer(octets);
    if (!outer.read(kSequence, contents) || !outer.empty()) return malformed("RSA public key");
    Reader inner(contents);
    if (!inner.read_unsigned(n) || !inner.read_unsigned(e) || !inner.empty()) return malformed("RSA public key");
    return PublicNumbers{.type = KeyType::rsa, .x = {}, .y = {}, .n = std::string(n), .e = std::string(e)};
}

} // namespace

Result<PublicNumbers> decode_spki(std::string_view octets) {
    std::string_view contents, bits;
    Reader outer(octets);
    if (!outer.read(kSequence, contents) || !outer.empty()) return malformed("public key");
    Reader inner(contents);
    if (inner.next_is(kInteger)) return decode_pkcs1_public(octets);
    Result<KeyType> type = read_key_algorithm(inner);
    if (!type) return tl::unexpected(type.error());
    if (!inner.read_bits(bits) || !inner.empty()) return malformed("public key");
    if (*type == KeyType::rsa) return decode_pkcs1_public(bits);
    if (curve::is_edwards(*type))
        return PublicNumbers{.type = *type, .x = std::string(bits), .y = {}, .n = {}, .e = {}};
    Result<curve::Affine> point = curve::decode_point(*type, bits);
    if (!point) return tl::unexpected(point.error());
    return PublicNumbers{.type = *type, .x = std::move(point->x), .y = std::move(point->y), .n = {}, .e = {}};
}

Result<std::string_view> find_spki(std::string_view certificate) {
    std::string_view contents, signed_part, spki;
    Reader outer(certificate);
    if (!outer.read(kSequence, contents) || !outer.empty()) return malformed("certificate");
    Reader inner(contents);
    if (!inner.read(kSequence, signed_part) || !inner.skip() || !inner.skip() || !inner.empty()) {
        return malformed("certificate");
    }
    Reader fields(signed_part);
    if (fields.next_is(kContext0) && !fields.skip()) return malformed("certificate"); // version
    for (const std::uint8_t tag : {kInteger, kSequence, kSequence, kSequence, kSequence}) {
        // serialNumber, signature, issuer, validity, subject
        std::string_view ignored;
        if (!fields.read(tag, ignored)) return malformed("certificate");
    }
    if (!fields.read_whole(kSequence, spki)) return malformed("certificate");
    return spki;
}

} // namespace jwtdomain::der
