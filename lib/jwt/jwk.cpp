#include "jwtdomain/jwt/jwk.h"

#include <nlohmann/json.hpp>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/secret_text.h"

namespace jwtdomain {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json public_members(const PublicKey& key) {
    const PublicNumbers& numbers = key.numbers();
    if (key.type() == KeyType::rsa) return {{"n", base64url_encode(numbers.n)}, {"e", base64url_encode(numbers.e)}};
    Json out{{"crv", name_of(key.type())}, {"x", base64url_encode(numbers.x)}};
    if (!numbers.y.empty()) out["y"] = base64url_encode(numbers.y);
    return out;
}

const char* kty_of(KeyType type) {
    switch (type) {
    case KeyType::p256:
    case KeyType::p384:
    case KeyType::p521:
    case KeyType::secp256k1: return "EC";
    case KeyType::ed25519:
    case KeyType::ed448: return "OKP";
    case KeyType::rsa: return "RSA";
    case KeyType::hmac: return "oct";
    }
    return "";
}

// `members` are those of the key itself; they stand between its description and its dates.
Json make(KeyType type, const JwkMetadata& metadata, const Json& members) {
    Json out{{"kty", kty_of(type)}};
    if (metadata.kid) out["kid"] = *metadata.kid;
    if (metadata.use) out["use"] = *metadata.use;
    if (metadata.key_ops) out["key_ops"] = *metadata.key_ops;
    if (metadata.algorithm) out["alg"] = *metadata.algorithm;
    if (metadata.issuer) out["issuer"] = *metadata.issuer;
    if (metadata.issued_at) out["iat"] = *metadata.issued_at;
    if (metadata.not_before) out["nbf"] = *metadata.not_before;
    if (metadata.expires) out["exp"] = *metadata.expires;
    out.update(members);
    return out;
}

void append_secret(std::string& out, const char* name, const SecretBytes& secret) {
    out += std::string(",\"") + name + "\":\"";
    base64url_append(out, secret.expose());
    out += '"';
}

void append_secrets(std::string& out, const PrivateKey::Numbers& numbers) {
    append_secret(out, "d", numbers.d);
    if (numbers.pub.type != KeyType::rsa) return;
    append_secret(out, "p", numbers.p);
    append_secret(out, "q", numbers.q);
    append_secret(out, "dp", numbers.dp);
    append_secret(out, "dq", numbers.dq);
    append_secret(out, "qi", numbers.qi);
}

} // namespace

KeyType type_of(const VerificationKey& key) {
    const auto* pub = std::get_if<PublicKey>(&key);
    return pub ? pub->type() : KeyType::hmac;
}

KeyType type_of(const SigningKey& key) {
    const auto* pair = std::get_if<PrivateKey>(&key);
    return pair ? pair->type() : KeyType::hmac;
}

const std::string& identity_of(const VerificationKey& key) {
    const auto* pub = std::get_if<PublicKey>(&key);
    return pub ? pub->identity() : std::get<HmacKey>(key).identity();
}

std::string thumbprint_of(const SigningKey& key) {
    const auto* pair = std::get_if<PrivateKey>(&key);
    return pair ? pair->public_key().thumbprint() : std::get<HmacKey>(key).thumbprint();
}

VerificationKey verification_half(const SigningKey& key) {
    if (const auto* pair = std::get_if<PrivateKey>(&key)) return pair->public_key();
    return std::get<HmacKey>(key);
}

std::string write_jwk(const PublicKey& key, const JwkMetadata& metadata) {
    return dump(make(key.type(), metadata, public_members(key))) + "\n";
}

std::string write_jwks(const std::vector<PublicJwk>& keys) {
    std::string out = "{\"keys\":[";
    for (const PublicJwk& jwk : keys) {
        out += &jwk == keys.data() ? "\n  " : ",\n  ";
        out += dump(make(jwk.key.type(), jwk.metadata, public_members(jwk.key)));
    }
    return out + (keys.empty() ? "]}\n" : "\n]}\n");
}

// The secrets do not pass through the JSON library, which would leave copies of them.
Result<SecretBytes> write_private_jwk(const SigningKey& key, const JwkMetadata& metadata) {
    const auto* pair = std::get_if<PrivateKey>(&key);
    std::string open = dump(make(type_of(key), metadata, pair ? public_members(pair->public_key()) : Json::object()));
    open.pop_back(); // the closing brace
    if (!pair) {
        const SecretBytes& secret = std::get<HmacKey>(key).secret();
        SecretText out(open.size() + secret.size() * 2 + 64);
        out.text += open;
        append_secret(out.text, "k", secret);
        out.text += "}\n";
        return SecretBytes(out.text);
    }
    const Result<PrivateKey::Numbers> numbers = pair->numbers();
    if (!numbers) return tl::unexpected(numbers.error());
    SecretText out(open.size() + 16384);
    out.text += open;
    append_secrets(out.text, *numbers);
    out.text += "}\n";
    return SecretBytes(out.text);
}

} // namespace jwtdomain
