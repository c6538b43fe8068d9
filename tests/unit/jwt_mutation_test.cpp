// Damaged keys: nothing crashes, and what is still accepted is a sound key.
#include <random>

#include <doctest/doctest.h>

#include "jwtdomain/crypto/pkcs8_encryption.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/keyfile.h"

using namespace jwtdomain;

namespace {

constexpr int kRounds = 400;

std::string mutate(std::string text, std::mt19937& random) {
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    for (std::size_t times = 1 + below(3); times > 0; --times) {
        if (text.empty()) return text;
        const std::size_t at = below(text.size());
        switch (below(6)) {
        case 0: text[at] = static_cast<char>(text[at] ^ (1 << below(8))); break;
        case 1: text[at] = static_cast<char>(random()); break;
        case 2: text.erase(at, 1 + below(8)); break;
        case 3: text.insert(at, text.substr(below(text.size()), 1 + below(40))); break;
        case 4: text.resize(at); break;
        default: text[at] = "\"{}[],:\\-_=A0"[below(13)]; break;
        }
    }
    return text;
}

void check_pair(const PrivateKey& key) {
    const Algorithm algorithm = default_algorithm(key.type());
    const std::string signature = Signer::make(key, algorithm).value().sign("text").value();
    CHECK(SignatureVerifier::make(key.public_key(), algorithm).value().verify("text", signature));
}

void check_public(const PublicKey& key) {
    CHECK(PublicKey::from_spki(key.spki()).value().identity() == key.identity());
    CHECK_FALSE(SignatureVerifier::make(key, default_algorithm(key.type())).value().verify("text", "x"));
}

// Returns whether it was accepted.
bool load(const std::string& octets) {
    const Passphrase passphrase = [] { return Result<SecretBytes>(SecretBytes("secret")); };
    const Result<LoadedKey> key = load_key(octets, "file", passphrase);
    if (!key) {
        CHECK_FALSE(key.error().message.empty());
        return false;
    }
    if (const auto* secret = std::get_if<PrivateJwk>(&key->content)) {
        if (const auto* pair = std::get_if<PrivateKey>(&secret->key)) check_pair(*pair);
    } else if (const auto* jwk = std::get_if<Jwk>(&key->content)) {
        if (const auto* pub = std::get_if<PublicKey>(&jwk->key)) check_public(*pub);
    } else {
        for (const Jwk& element : std::get<JwkSet>(key->content).keys) check_public(std::get<PublicKey>(element.key));
    }
    return true;
}

void try_mutations(const std::string& good, unsigned seed) {
    REQUIRE(load(good));
    std::mt19937 random(seed);
    int refused = 0;
    for (int i = 0; i < kRounds; ++i) refused += !load(mutate(good, random));
    CHECK(refused > kRounds / 4);
}

} // namespace

TEST_CASE("jwt/mutation: damaged key files of every kind are refused or sound") {
    unsigned seed = 1;
    for (const KeyType type : {KeyType::p256, KeyType::secp256k1, KeyType::ed25519, KeyType::ed448, KeyType::rsa}) {
        const SigningKey key = PrivateKey::generate(type).value();
        const PublicKey& pub = std::get<PrivateKey>(key).public_key();
        JwkMetadata metadata;
        metadata.kid = "k";
        metadata.use = "sig";
        for (const KeyFormat format : {KeyFormat::pem, KeyFormat::der, KeyFormat::jwk, KeyFormat::jwks}) {
            CAPTURE(std::string(name_of(type)) + " " + std::to_string(static_cast<int>(format)));
            try_mutations(std::string(write_private_key(key, metadata, format).value().expose()), seed++);
            try_mutations(write_public_key(pub, metadata, format).value(), seed++);
        }
    }
}

TEST_CASE("jwt/mutation: damaged encrypted keys are refused or sound") {
    const SecretBytes plain = PrivateKey::generate(KeyType::p256).value().pkcs8().value();
    const SecretBytes encrypted = der::encrypt_pkcs8(plain, SecretBytes("secret"), 10).value();
    try_mutations(std::string(encrypted.expose()), 99);
}

TEST_CASE("jwt/mutation: deep and wide JSON is refused as a key") {
    CHECK_FALSE(load(std::string(100'000, '[')));
    std::string deep = "{\"kty\":";
    for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
    CHECK_FALSE(load(deep));
    CHECK_FALSE(load("{\"kty\":\"EC\",\"x\":\"" + std::string(4'000'000, 'A') + "\"}"));
    CHECK_FALSE(load("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" + std::string(4'000'000, 'A') + "\"}"));
    CHECK_FALSE(load("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" + std::string(4'000'000, 'B') + "\",\"d\":\"AQ\"}"));
}
