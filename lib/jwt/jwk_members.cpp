#include "jwtdomain/jwt/jwk_members.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/secret_text.h"

namespace jwtdomain::jwk {
namespace {

using json::Kind;
using json::Value;

tl::unexpected<Error> wrong(const char* member, const char* what) {
    return fail(Fault::invalid, std::string("\"") + member + "\" " + what);
}

const char* describe_defect(Base64Defect defect) {
    switch (defect) {
    case Base64Defect::none: return "";
    case Base64Defect::character: return "holds a character that is not base64url";
    case Base64Defect::padding: return "is padded: base64url in a JWK has no '='";
    case Base64Defect::length: return "is not base64url: its length is impossible";
    case Base64Defect::trailing_bits: return "is not canonical base64url: unused bits are set";
    }
    return "";
}

// A required member of octets, into `out`, which holds nothing yet.
Status read_octets(const Value& object, const char* member, std::string& out) {
    const std::optional<Value> value = object.find(member);
    if (!value) return wrong(member, "is missing");
    if (!value->is(Kind::string)) return wrong(member, "is not a string");
    const Base64Defect defect = base64url_decode(value->text(), out);
    if (defect != Base64Defect::none) return wrong(member, describe_defect(defect));
    if (out.empty()) return wrong(member, "is empty");
    return {};
}

Status read_secret(const Value& object, const char* member, SecretBytes& out) {
    const std::optional<Value> value = object.find(member);
    SecretText octets(value ? value->text().size() : 0);
    if (Status read = read_octets(object, member, octets.text); !read) return read;
    out = SecretBytes(octets.text);
    return {};
}

Status read_string(const Value& object, const char* member, std::optional<std::string>& out) {
    const std::optional<Value> value = object.find(member);
    if (!value) return {};
    if (!value->is(Kind::string)) return wrong(member, "is not a string");
    out = std::string(value->text());
    return {};
}

Status read_time(const Value& object, const char* member, std::optional<std::int64_t>& out) {
    const std::optional<Value> value = object.find(member);
    if (!value) return {};
    out = value->integer();
    if (!out) return wrong(member, "is not a whole number of seconds");
    return {};
}

Status read_operations(const Value& object, std::optional<std::vector<std::string>>& out) {
    const std::optional<Value> value = object.find("key_ops");
    if (!value) return {};
    if (!value->is(Kind::array)) return wrong("key_ops", "is not an array");
    out.emplace();
    for (const json::Member operation : *value) {
        if (!operation.value.is(Kind::string)) return wrong("key_ops", "holds something that is not a string");
        out->emplace_back(operation.value.text());
    }
    return {};
}

// Untrusted text within a sentence.
std::string quoted(std::string_view text) {
    return '"' + (text.size() > 64 ? std::string(text.substr(0, 61)) + "..." : std::string(text)) + '"';
}

// The type that kty and crv name together.
Result<KeyType> read_type(const Value& object) {
    std::optional<std::string> kty, crv;
    if (Status read = read_string(object, "kty", kty); !read) return tl::unexpected(read.error());
    if (!kty) return wrong("kty", "is missing");
    if (*kty == "RSA") return KeyType::rsa;
    if (*kty == "oct") return KeyType::hmac;
    const bool ec = *kty == "EC";
    if (!ec && *kty != "OKP") return fail(Fault::unsupported, "unknown kty " + quoted(*kty));
    if (Status read = read_string(object, "crv", crv); !read) return tl::unexpected(read.error());
    if (!crv) return wrong("crv", "is missing");
    constexpr std::array kEc{KeyType::p256, KeyType::p384, KeyType::p521, KeyType::secp256k1};
    constexpr std::array kOkp{KeyType::ed25519, KeyType::ed448};
    for (const KeyType type : kEc) {
        if (ec && name_of(type) == *crv) return type;
    }
    for (const KeyType type : kOkp) {
        if (!ec && name_of(type) == *crv) return type;
    }
    return fail(Fault::unsupported,
                "no signature algorithm here for kty " + quoted(*kty) + " with crv " + quoted(*crv));
}

Result<PublicNumbers> read_numbers(const Value& object, KeyType type) {
    PublicNumbers numbers{.type = type, .x = {}, .y = {}, .n = {}, .e = {}};
    Status read;
    if (type == KeyType::rsa) {
        if (object.find("oth")) return fail(Fault::unsupported, "the RSA key has more than two primes (\"oth\")");
        read = read_octets(object, "n", numbers.n);
        if (read) read = read_octets(object, "e", numbers.e);
    } else {
        const bool has_y = type != KeyType::ed25519 && type != KeyType::ed448;
        read = read_octets(object, "x", numbers.x);
        if (read && has_y) read = read_octets(object, "y", numbers.y);
    }
    if (!read) return tl::unexpected(read.error());
    return numbers;
}

Result<HmacKey> read_hmac(const Value& object) {
    SecretBytes secret;
    if (Status read = read_secret(object, "k", secret); !read) return tl::unexpected(read.error());
    return HmacKey::from_secret(std::move(secret));
}

// The key of the first certificate of x5c, if it can be read.
std::optional<PublicKey> leaf_of(const Value& object) {
    const std::optional<Value> chain = object.find("x5c");
    if (!chain || !chain->is(Kind::array) || chain->size() == 0) return std::nullopt;
    const Value first = (*chain->begin()).value;
    std::string der;
    if (!first.is(Kind::string) || !base64_decode_lenient(first.text(), der)) return std::nullopt;
    auto leaf = PublicKey::from_certificate(der);
    return leaf ? std::optional(std::move(*leaf)) : std::nullopt;
}

// Certificates are standard base64 (RFC 7517 section 4.7). A broken x5c does not harm the key beside it.
void read_x5c(const Value& object, Jwk& jwk) {
    const std::optional<Value> chain = object.find("x5c");
    if (!chain) return;
    jwk.x5c_key = X5cKey::unreadable;
    if (!chain->is(Kind::array) || chain->size() == 0) return;
    for (const json::Member link : *chain) {
        std::string& der = jwk.x5c.emplace_back();
        if (!link.value.is(Kind::string) || !base64_decode_lenient(link.value.text(), der)) {
            jwk.x5c.clear();
            return;
        }
    }
    const std::optional<PublicKey> leaf = leaf_of(object);
    if (!leaf) return;
    jwk.x5c_identity = leaf->identity();
    jwk.x5c_key = jwk.x5c_identity == identity_of(jwk.key) ? X5cKey::same : X5cKey::different;
}

bool is_signature_algorithm(std::string_view name) { return name == "EdDSA" || find_algorithm(name); }

} // namespace

Result<JwkMetadata> read_metadata(const Value& object) {
    JwkMetadata out;
    Status read = read_string(object, "kid", out.kid);
    if (read) read = read_string(object, "alg", out.algorithm);
    if (read) read = read_string(object, "use", out.use);
    if (read) read = read_operations(object, out.key_ops);
    if (read) read = read_string(object, "issuer", out.issuer);
    if (read) read = read_time(object, "iat", out.issued_at);
    if (read) read = read_time(object, "nbf", out.not_before);
    if (read) read = read_time(object, "exp", out.expires);
    if (!read) return tl::unexpected(read.error());
    return out;
}

bool has_private_members(const Value& object) {
    constexpr std::array kPrivate{"d", "p", "q", "dp", "dq", "qi", "k", "oth"};
    return std::any_of(kPrivate.begin(), kPrivate.end(),
                       [&](const char* name) { return object.find(name).has_value(); });
}

bool holds_private_members(const Value& value) {
    if (value.is(Kind::object) && has_private_members(value)) return true;
    if (value.is(Kind::string)) {
        const std::string_view text = value.text();
        const bool jwk = text.find("\"kty\"") != std::string_view::npos && text.find("\"d\"") != std::string_view::npos;
        return jwk || text.find("PRIVATE KEY-----") != std::string_view::npos;
    }
    bool found = false;
    for (const json::Member& member : value) found = found || holds_private_members(member.value);
    return found;
}

namespace {

// Of a type that signs nothing, or nothing that a JWS of ours could be: key agreement, encryption, types of later RFCs.
bool is_none_of_ours(const Value& object) {
    const auto text = [&](const char* member) {
        const std::optional<Value> value = object.find(member);
        return value && value->is(Kind::string) ? std::string(value->text()) : std::string();
    };
    const std::string kty = text("kty"), crv = text("crv"), alg = text("alg");
    if (kty == "OKP") return crv == "X25519" || crv == "X448";
    return kty == "AKP" || (kty == "oct" && alg.size() > 2 && (alg.find("KW") != std::string::npos || alg == "dir"));
}

} // namespace

void read_leniently(const Value& object, SkippedKey& out) {
    out.had_private_members = has_private_members(object);
    if (const auto leaf = leaf_of(object)) out.x5c_identity = leaf->identity();
    const Result<KeyType> type = read_type(object);
    out.may_sign = type.has_value() || !is_none_of_ours(object);
    const auto octets = [&](const char* member) {
        const std::optional<Value> value = object.find(member);
        std::string text;
        if (!value || !value->is(Kind::string) || !base64_decode_lenient(value->text(), text)) text.clear();
        return text;
    };
    if (!type) {
        const std::optional<Value> crv = object.find("crv");
        if (crv && crv->is(Kind::string) && crv->text() == "X25519") out.identity = identify_x25519(octets("x"));
        return;
    }
    if (*type == KeyType::hmac) {
        const std::optional<Value> k = object.find("k");
        SecretText secret(k ? k->text().size() : 0);
        if (!k || !k->is(Kind::string) || !base64_decode_lenient(k->text(), secret.text)) return;
        if (auto key = HmacKey::from_secret(SecretBytes(secret.text)); key) out.secret = std::move(*key);
        return;
    }
    const PublicNumbers numbers{.type = *type, .x = octets("x"), .y = octets("y"), .n = octets("n"), .e = {}};
    if (!(*type == KeyType::rsa ? numbers.n : numbers.x).empty()) out.identity = identify(numbers);
}

Result<Jwk> read_public(const Value& object, JwkMetadata metadata) {
    const Result<KeyType> type = read_type(object);
    if (!type) return tl::unexpected(type.error());
    if (*type == KeyType::hmac) {
        Result<HmacKey> key = read_hmac(object);
        if (!key) return tl::unexpected(key.error());
        return Jwk{.key = std::move(*key), .metadata = std::move(metadata), .x5c = {}, .x5c_identity = {}};
    }
    const Result<PublicNumbers> numbers = read_numbers(object, *type);
    if (!numbers) return tl::unexpected(numbers.error());
    Result<PublicKey> key = PublicKey::from_numbers(*numbers);
    if (!key) return tl::unexpected(key.error());
    Jwk jwk{.key = std::move(*key), .metadata = std::move(metadata), .x5c = {}, .x5c_identity = {}};
    jwk.had_private_members = has_private_members(object);
    if (jwk.had_private_members && !std::holds_alternative<HmacKey>(jwk.key)) {
        const Result<PrivateJwk> whole = read_private(object, {});
        jwk.private_differs = !whole || identity_of(verification_half(whole->key)) != identity_of(jwk.key);
    }
    read_x5c(object, jwk);
    return jwk;
}

Result<PrivateJwk> read_private(const Value& object, JwkMetadata metadata) {
    const Result<KeyType> type = read_type(object);
    if (!type) return tl::unexpected(type.error());
    if (*type == KeyType::hmac) {
        Result<HmacKey> key = read_hmac(object);
        if (!key) return tl::unexpected(key.error());
        return PrivateJwk{std::move(*key), std::move(metadata)};
    }
    if (!object.find("d")) return fail(Fault::invalid, "the JWK is a public key: it has no \"d\"");
    Result<PublicNumbers> numbers = read_numbers(object, *type);
    if (!numbers) return tl::unexpected(numbers.error());
    PrivateKey::Numbers all{.pub = std::move(*numbers), .d = {}, .p = {}, .q = {}, .dp = {}, .dq = {}, .qi = {}};
    Status read = read_secret(object, "d", all.d);
    if (*type == KeyType::rsa) {
        if (read) read = read_secret(object, "p", all.p);
        if (read) read = read_secret(object, "q", all.q);
        if (read) read = read_secret(object, "dp", all.dp);
        if (read) read = read_secret(object, "dq", all.dq);
        if (read) read = read_secret(object, "qi", all.qi);
    }
    if (!read) return tl::unexpected(read.error());
    Result<PrivateKey> key = PrivateKey::from_numbers(std::move(all));
    if (!key) return tl::unexpected(key.error());
    return PrivateJwk{std::move(*key), std::move(metadata)};
}

const char* why_not(const JwkMetadata& metadata, std::string_view operation) {
    if (metadata.use == "enc") return "for encryption (use is enc)";
    // SPIFFE bundles mark their keys for JWTs so (SPIFFE JWT-SVID section 6.1).
    if (metadata.use && *metadata.use != "sig" && *metadata.use != "jwt-svid") return "its use is not sig";
    if (metadata.key_ops &&
        std::find(metadata.key_ops->begin(), metadata.key_ops->end(), operation) == metadata.key_ops->end()) {
        return operation == "verify" ? "its key_ops do not hold verify" : "its key_ops do not hold sign";
    }
    if (metadata.algorithm && !is_signature_algorithm(*metadata.algorithm))
        return "its alg is no signature algorithm that we know";
    return nullptr;
}

Status check_algorithm(const JwkMetadata& metadata, KeyType type) {
    if (!metadata.algorithm || !is_signature_algorithm(*metadata.algorithm)) return {};
    if (algorithm_on_key(*metadata.algorithm, type)) return {};
    return fail(Fault::invalid, "its alg is " + *metadata.algorithm + ", which does not fit a key of type " +
                                    std::string(name_of(type)));
}

} // namespace jwtdomain::jwk
