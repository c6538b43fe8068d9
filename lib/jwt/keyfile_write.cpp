#include "jwtdomain/base/secret_text.h"
#include "jwtdomain/crypto/curve.h"
#include "jwtdomain/crypto/pem.h"
#include "jwtdomain/crypto/pkcs8_encryption.h"
#include "jwtdomain/crypto/private_der.h"
#include "jwtdomain/crypto/spki.h"
#include "jwtdomain/jwt/keyfile.h"

namespace jwtdomain {
namespace {

tl::unexpected<Error> cannot_hold(const char* format, const char* holds) {
    return fail(Fault::usage, std::string("the format ") + format + " holds " + holds,
                "pem, jwk and jwks hold every key pair");
}

Result<SecretBytes> write_pkcs8(const PrivateKey& key, bool armor, const SecretBytes* passphrase) {
    Result<SecretBytes> der = key.pkcs8();
    if (der && passphrase) der = der::encrypt_pkcs8(*der, *passphrase);
    if (!der || !armor) return der;
    return pem::write(passphrase ? "ENCRYPTED PRIVATE KEY" : "PRIVATE KEY", der->expose());
}

Result<SecretBytes> write_private_set(const SigningKey& key, const JwkMetadata& metadata) {
    const Result<SecretBytes> jwk = write_private_jwk(key, metadata);
    if (!jwk) return tl::unexpected(jwk.error());
    const std::string_view text = jwk->expose();
    SecretText out(text.size() + 64);
    out.text += "{\"keys\":[\n  ";
    out.text += text.substr(0, text.size() - 1); // the newline
    out.text += "\n]}\n";
    return SecretBytes(out.text);
}

Result<SecretBytes> write_classic(const PrivateKey& key, KeyFormat format) {
    const bool pkcs1 = format == KeyFormat::pkcs1;
    if (pkcs1 && key.type() != KeyType::rsa) return cannot_hold("pkcs1", "RSA keys only");
    if (!pkcs1 && !curve::is_weierstrass(key.type())) return cannot_hold("sec1", "EC keys only");
    const Result<PrivateKey::Numbers> numbers = key.numbers();
    if (!numbers) return tl::unexpected(numbers.error());
    if (pkcs1) return pem::write("RSA PRIVATE KEY", der::encode_pkcs1(*numbers).expose());
    return pem::write("EC PRIVATE KEY", der::encode_sec1(*numbers).expose());
}

} // namespace

Result<SecretBytes> write_private_key(const SigningKey& key, const JwkMetadata& metadata, KeyFormat format,
                                      const SecretBytes* passphrase) {
    if (passphrase && format != KeyFormat::pem && format != KeyFormat::der) {
        return fail(Fault::usage, "only pem and der can be encrypted");
    }
    if (passphrase && passphrase->empty()) return fail(Fault::usage, "the passphrase is empty");
    if (format == KeyFormat::jwk) return write_private_jwk(key, metadata);
    if (format == KeyFormat::jwks) return write_private_set(key, metadata);
    const auto* pair = std::get_if<PrivateKey>(&key);
    if (!pair) return fail(Fault::usage, "an HMAC secret is written as jwk or jwks");
    switch (format) {
    case KeyFormat::pem: return write_pkcs8(*pair, true, passphrase);
    case KeyFormat::der: return write_pkcs8(*pair, false, passphrase);
    case KeyFormat::pkcs1:
    case KeyFormat::sec1: return write_classic(*pair, format);
    case KeyFormat::certificate: return cannot_hold("x509", "public keys, and is only read");
    case KeyFormat::jwk:
    case KeyFormat::jwks: break;
    }
    return fail(Fault::internal, "a key format without a writer");
}

Result<std::string> write_public_key(const PublicKey& key, const JwkMetadata& metadata, KeyFormat format) {
    switch (format) {
    case KeyFormat::pem: return std::string(pem::write("PUBLIC KEY", key.spki()).expose());
    case KeyFormat::der: return key.spki();
    case KeyFormat::jwk: return write_jwk(key, metadata);
    case KeyFormat::jwks: return write_jwks({{key, metadata}});
    case KeyFormat::pkcs1:
        if (key.type() != KeyType::rsa) return cannot_hold("pkcs1", "RSA keys only");
        return std::string(pem::write("RSA PUBLIC KEY", der::encode_pkcs1_public(key.numbers())).expose());
    case KeyFormat::sec1: return cannot_hold("sec1", "private EC keys only");
    case KeyFormat::certificate: return cannot_hold("x509", "what an authority signed, and is only read");
    }
    return fail(Fault::internal, "a key format without a writer");
}

} // namespace jwtdomain
