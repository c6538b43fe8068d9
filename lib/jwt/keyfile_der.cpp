#include "jwtdomain/jwt/keyfile_der.h"

#include "jwtdomain/crypto/der.h"
#include "jwtdomain/crypto/pkcs8_encryption.h"

namespace jwtdomain::keyfile {
namespace {

Result<LoadedKey> load_private(std::string_view der, KeyFormat format) {
    Result<PrivateKey> key = PrivateKey::from_pkcs8(der);
    if (!key) return tl::unexpected(key.error());
    return LoadedKey{.content = PrivateJwk{std::move(*key), {}}, .format = format};
}

Result<LoadedKey> load_encrypted(std::string_view der, KeyFormat format, const Passphrase& passphrase) {
    if (!passphrase) {
        return fail(Fault::usage, "the private key is encrypted, and no passphrase was given");
    }
    const Result<SecretBytes> secret = passphrase();
    if (!secret) return tl::unexpected(secret.error());
    const Result<SecretBytes> plain = der::decrypt_pkcs8(der, *secret);
    if (!plain) return tl::unexpected(plain.error());
    Result<LoadedKey> key = load_private(plain->expose(), format);
    if (key) key->encrypted = true;
    return key;
}

Result<LoadedKey> load_public(Result<PublicKey> key, KeyFormat format) {
    if (!key) return tl::unexpected(key.error());
    return LoadedKey{.content = Jwk{.key = std::move(*key), .metadata = {}, .x5c = {}, .x5c_identity = {}},
                     .format = format};
}

} // namespace

DerKind kind_of(std::string_view octets) {
    std::string_view contents;
    der::Reader outer(octets);
    if (!outer.read(der::kSequence, contents) || !outer.empty()) return DerKind::unknown;
    der::Reader inner(contents);
    if (inner.next_is(der::kInteger)) {
        if (!inner.skip()) return DerKind::unknown;
        if (inner.next_is(der::kSequence)) return DerKind::pkcs8;
        if (inner.next_is(der::kOctetString)) return DerKind::sec1;
        if (!inner.next_is(der::kInteger) || !inner.skip()) return DerKind::unknown;
        return inner.empty() ? DerKind::pkcs1_public : DerKind::pkcs1_private;
    }
    if (!inner.next_is(der::kSequence) || !inner.skip()) return DerKind::unknown;
    if (inner.next_is(der::kBitString)) return DerKind::spki;
    if (inner.next_is(der::kOctetString)) return DerKind::encrypted_pkcs8;
    return inner.next_is(der::kSequence) ? DerKind::certificate : DerKind::unknown;
}

Result<LoadedKey> load(DerKind kind, std::string_view der, KeyFormat format, const Passphrase& passphrase) {
    switch (kind) {
    case DerKind::pkcs8:
    case DerKind::pkcs1_private:
    case DerKind::sec1: return load_private(der, format);
    case DerKind::encrypted_pkcs8: return load_encrypted(der, format, passphrase);
    case DerKind::spki:
    case DerKind::pkcs1_public: return load_public(PublicKey::from_spki(der), format);
    case DerKind::certificate: return load_public(PublicKey::from_certificate(der), KeyFormat::certificate);
    case DerKind::unknown: break;
    }
    return fail(Fault::invalid, "not a key: the DER is of no kind that holds one");
}

} // namespace jwtdomain::keyfile
