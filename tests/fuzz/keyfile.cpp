// Key files of every format: what was loaded is written in each format that can hold it, and loaded again as the same
// key.
#include "jwtdomain/jwt/keyfile.h"
#include "check.h"

using namespace jwtdomain;

namespace {

Result<SecretBytes> passphrase() { return SecretBytes(std::string_view("secret")); }

void check_private(const PrivateJwk& key) {
    for (const KeyFormat format : {KeyFormat::pem, KeyFormat::der, KeyFormat::jwk, KeyFormat::pkcs1, KeyFormat::sec1}) {
        const auto written = write_private_key(key.key, key.metadata, format);
        if (!written) continue; // a format that cannot hold it
        const auto again = load_key(written->expose(), "again", passphrase);
        CHECK(again && std::holds_alternative<PrivateJwk>(again->content));
        CHECK(thumbprint_of(std::get<PrivateJwk>(again->content).key) == thumbprint_of(key.key));
    }
    CHECK(write_private_key(key.key, key.metadata, KeyFormat::jwk));
}

void check_public(const Jwk& jwk) {
    const auto* key = std::get_if<PublicKey>(&jwk.key);
    if (key == nullptr) return;
    for (const KeyFormat format : {KeyFormat::pem, KeyFormat::der, KeyFormat::jwk, KeyFormat::pkcs1}) {
        const auto written = write_public_key(*key, jwk.metadata, format);
        if (!written) continue;
        const auto again = load_key(*written, "again", passphrase);
        CHECK(again && std::holds_alternative<Jwk>(again->content));
        CHECK(identity_of(std::get<Jwk>(again->content).key) == key->identity());
    }
    CHECK(write_public_key(*key, jwk.metadata, KeyFormat::jwk));
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto loaded = load_key(view(data, size), "f", passphrase);
    if (!loaded) {
        CHECK(!loaded.error().message.empty());
        return 0;
    }
    if (const auto* key = std::get_if<PrivateJwk>(&loaded->content)) check_private(*key);
    if (const auto* key = std::get_if<Jwk>(&loaded->content)) check_public(*key);
    return 0;
}
