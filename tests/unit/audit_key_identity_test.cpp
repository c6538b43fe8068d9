// Each equivalence of the design as a pair that must come out as one key, and near misses that must not.
#include <fstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "jwtdomain/audit/key_identity.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/sha2.h"
#include "jwtdomain/jwt/keyfile.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;

namespace {

std::string hex(std::string_view octets, const char* digits = "0123456789abcdef") {
    std::string out;
    for (const char c : octets) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

std::string digest(unsigned bits, std::string_view octets) {
    unsigned char out[sha2::kMaxDigest];
    const std::size_t size = sha2::digest(bits, octets, out);
    return {reinterpret_cast<const char*>(out), size};
}

// 32 octets that do not happen to be text, white space or zero anywhere it matters.
const std::string kOctets = sha256("octets of a secret");

KeyIdentity of_secret(std::string_view secret) {
    return identity_of_key(VerificationKey(HmacKey::from_secret(SecretBytes(secret)).value()));
}

SameKey secrets(std::string_view a, std::string_view b) {
    const SameKey same = same_key(of_secret(a), of_secret(b));
    CHECK(same_key(of_secret(b), of_secret(a)) == same);
    return same;
}

PublicKey fresh(KeyType type) { return PrivateKey::generate(type).value().public_key(); }

KeyIdentity of_jwk(const std::string& json) { return identity_of_key(parse_jwk(json).value()); }

constexpr KeyType kPublicTypes[] = {KeyType::p256,    KeyType::p384,  KeyType::p521, KeyType::secp256k1,
                                    KeyType::ed25519, KeyType::ed448, KeyType::rsa};

// A point has its negative; one in Edwards form, its sums with points of small order, too.
std::size_t expected_others(KeyType type) {
    if (type == KeyType::rsa) return 0;
    return type == KeyType::ed25519 || type == KeyType::ed448 ? 2 : 1;
}

} // namespace

TEST_CASE("audit/key-identity: a public key is one key under other kids, algorithms and uses") {
    for (const KeyType type : kPublicTypes) {
        CAPTURE(name_of(type));
        const PublicKey key = fresh(type);
        const KeyIdentity plain = of_jwk(write_jwk(key, {}));
        JwkMetadata named;
        named.kid = "other";
        named.algorithm = "none of ours";
        named.use = "sig";
        CHECK(same_key(plain, of_jwk(write_jwk(key, named))) == SameKey::yes);
        CHECK(same_key(plain, identity_of_key(VerificationKey(key))) == SameKey::yes);
        CHECK(plain.own.size() == 1);
        CHECK(plain.own[0] == sha256(key.identity()));
        CHECK(plain.others.size() == expected_others(type)); // what its negative has in common with it
        // Near miss: a kid is a name.
        CHECK(same_key(of_jwk(write_jwk(key, named)), of_jwk(write_jwk(fresh(type), named))) == SameKey::no);
    }
}

TEST_CASE("audit/key-identity: an RSA modulus is one key with any exponent, and with leading zeros") {
    PublicNumbers numbers = fresh(KeyType::rsa).numbers();
    const KeyIdentity identity = identity_of_key(VerificationKey(PublicKey::from_numbers(numbers).value()));
    numbers.e = std::string("\x01\x00\x03", 3);
    CHECK(same_key(identity, identity_of_key(VerificationKey(PublicKey::from_numbers(numbers).value()))) ==
          SameKey::yes);
    numbers.n.insert(0, 2, '\0');
    CHECK(same_key(identity, identity_of_key(VerificationKey(PublicKey::from_numbers(numbers).value()))) ==
          SameKey::yes);
    numbers = fresh(KeyType::rsa).numbers(); // the same exponent says nothing
    CHECK(same_key(identity, identity_of_key(VerificationKey(PublicKey::from_numbers(numbers).value()))) ==
          SameKey::no);
}

TEST_CASE("audit/key-identity: a secret with the octets of a public key is not that key") {
    const std::string x = fresh(KeyType::ed25519).numbers().x;
    const KeyIdentity key = identity_of_key(VerificationKey(
        PublicKey::from_numbers({.type = KeyType::ed25519, .x = x, .y = {}, .n = {}, .e = {}}).value()));
    CHECK(same_key(key, of_secret(x)) == SameKey::no);
    CHECK(same_key(key, of_secret(x + x)) == SameKey::no);
}

TEST_CASE("audit/key-identity: the key of a JWK's certificate may be read in its place") {
    std::ifstream file(std::string(TEST_DATA) + "/vectors/jwk.json");
    nlohmann::json jwk = nlohmann::json::parse(file)["RFC 7517 appendix B"];
    const KeyIdentity certified = of_jwk(jwk.dump());
    CHECK(certified.others.empty()); // the certificate holds the key of the members

    nlohmann::json liar = nlohmann::json::parse(write_jwk(fresh(KeyType::p256), {}));
    const KeyIdentity members = of_jwk(liar.dump());
    liar["x5c"] = jwk["x5c"];
    const KeyIdentity both = of_jwk(liar.dump());
    CHECK(both.others.size() == 2); // and what is common to the key and its negative
    CHECK(same_key(both, members) == SameKey::yes);
    CHECK(same_key(both, certified) == SameKey::perhaps);
    CHECK(same_key(certified, both) == SameKey::perhaps);
    CHECK(same_key(members, certified) == SameKey::no);

    // Two liars with one certificate.
    nlohmann::json other = nlohmann::json::parse(write_jwk(fresh(KeyType::p256), {}));
    other["x5c"] = jwk["x5c"];
    CHECK(same_key(both, of_jwk(other.dump())) == SameKey::perhaps);

    // After lowering.
    const Jwk parsed = parse_jwk(liar.dump()).value();
    const accept::KeyUse use{
        .key = parsed.key, .algorithms = {}, .kid = {}, .owner = {}, .aliases = {parsed.x5c_identity}};
    CHECK(identity_of_key(use).own == both.own);
    CHECK(identity_of_key(use).others == both.others);

    jwk["x5c"] = {"MIIB"}; // unreadable: no alias
    CHECK(of_jwk(jwk.dump()).others.empty());
}

TEST_CASE("audit/key-identity: secrets that HMAC cannot tell apart are one key") {
    const std::string zeros(9, '\0');
    CHECK(secrets(kOctets, kOctets + zeros) == SameKey::yes);
    CHECK(secrets(kOctets, kOctets + std::string(96, '\0')) == SameKey::yes); // to the block of SHA-384 and SHA-512
    CHECK(secrets(zeros, std::string(1, '\0')) == SameKey::yes);
    CHECK(secrets(kOctets, zeros + kOctets) == SameKey::no);                 // leading zeros count
    CHECK(secrets(kOctets, kOctets + std::string(97, '\0')) == SameKey::no); // over every block: hashed
    CHECK(secrets(kOctets, kOctets + '\1') == SameKey::no);
    CHECK(secrets(kOctets, kOctets.substr(0, 31)) == SameKey::no);
}

TEST_CASE("audit/key-identity: a long secret and its digest are one key under that hash") {
    for (const unsigned bits : {256u, 384u, 512u}) {
        CAPTURE(bits);
        const std::size_t block = sha2::block_size(bits);
        const std::string longer(block + 1, 'k'), fits(block, 'k');
        CHECK(secrets(longer, digest(bits, longer)) == SameKey::yes);
        CHECK(secrets(longer, digest(bits, longer) + '\0') == SameKey::yes);
        CHECK(secrets(fits, digest(bits, fits)) == SameKey::no); // it is padded, not hashed
        // An administrator copies the digest as text.
        CHECK(secrets(longer, hex(digest(bits, longer))) == SameKey::perhaps);
    }
    CHECK(secrets(std::string(100, 'k'), digest(512, std::string(100, 'k'))) == SameKey::no);
}

TEST_CASE("audit/key-identity: a line end may or may not belong to a secret") {
    const std::string text = "a secret in a text file, thirty-two and more";
    for (const char* ending : {"\n", "\r\n", "\n\n", " ", "\t\n"}) {
        CAPTURE(ending);
        CHECK(secrets(text, text + ending) == SameKey::perhaps);
        CHECK(secrets(kOctets, kOctets + ending) == SameKey::perhaps);
    }
    CHECK(secrets(text + "\n", text + "\r\n") == SameKey::perhaps);
    CHECK(secrets(text, text + ".") == SameKey::no);
    CHECK(secrets(text, "A" + text.substr(1)) == SameKey::no); // no case is folded
    // A line end within the text is a part of it.
    CHECK(secrets("a secret\nin two lines", "a secretin two lines") == SameKey::no);
}

TEST_CASE("audit/key-identity: octets and their hexadecimal, base64 and base64url are perhaps one key") {
    for (const std::size_t size : {30u, 31u, 32u}) { // no padding, one and two '='
        const std::string octets = kOctets.substr(0, size);
        const std::string url = base64url_encode(octets), padded = base64_encode(octets);
        const std::string padding = padded.substr(url.size());
        const std::vector<std::string> spellings{hex(octets),
                                                 hex(octets, "0123456789ABCDEF"),
                                                 "0x" + hex(octets),
                                                 url,
                                                 url + padding,
                                                 padded,
                                                 padded.substr(0, url.size()),
                                                 padded.substr(0, 20) + "\n" + padded.substr(20) + "\n",
                                                 base64_encode(hex(octets) + "\n")}; // openssl rand -hex 32 | base64
        for (const std::string& a : spellings) {
            CAPTURE(a);
            CHECK(secrets(octets, a) == SameKey::perhaps);
            CHECK(secrets(octets, a + "\n") == SameKey::perhaps);
            for (const std::string& b : spellings) CHECK(secrets(a, b) == (a == b ? SameKey::yes : SameKey::perhaps));
        }
    }
}

TEST_CASE("audit/key-identity: encodings of other octets, and what is none, are other keys") {
    const std::string other = sha256("other octets");
    CHECK(secrets(kOctets, other) == SameKey::no);
    CHECK(secrets(hex(kOctets), hex(other)) == SameKey::no);
    CHECK(secrets(base64url_encode(kOctets), base64_encode(other)) == SameKey::no);
    CHECK(secrets(kOctets, hex(other)) == SameKey::no);
    CHECK(secrets(kOctets, hex(kOctets).substr(1)) == SameKey::no); // an odd digit out
    CHECK(secrets(kOctets, hex(kOctets) + "!") == SameKey::no);     // no hexadecimal any more
    CHECK(secrets(kOctets, base64_encode(kOctets) + "AAAA") == SameKey::no);
    for (int i = 0; i < 50; ++i) CHECK(secrets(random_octets(32), random_octets(32)) == SameKey::no);
    for (int i = 0; i < 50; ++i)
        CHECK(secrets(base64_encode(random_octets(32)), base64_encode(random_octets(32))) == SameKey::no);
}

TEST_CASE("audit/key-identity: a secret that is a key file is perhaps the key in it") {
    const PrivateKey pair = PrivateKey::generate(KeyType::p256).value();
    const PublicKey& pub = pair.public_key();
    const KeyIdentity key = identity_of_key(VerificationKey(pub));
    const auto with = [&](std::string_view secret) { return same_key(of_secret(secret), key); };
    const std::string private_der(pair.pkcs8().value().expose());
    const std::string pem = write_public_key(pub, {}, KeyFormat::pem).value();
    CHECK(with(private_der) == SameKey::perhaps);
    CHECK(with(base64_encode(private_der)) == SameKey::perhaps);
    CHECK(with(base64_encode(pub.spki())) == SameKey::perhaps); // a PEM file without its lines of dashes
    CHECK(with(base64_encode(pem)) == SameKey::perhaps);        // as it stands in an environment variable
    CHECK(with(hex(pub.spki())) == SameKey::perhaps);
    CHECK(with(base64url_encode(write_jwk(pub, {}))) == SameKey::perhaps);
    CHECK(secrets(private_der, base64_encode(private_der)) == SameKey::perhaps);

    const PrivateKey other = PrivateKey::generate(KeyType::p256).value();
    CHECK(with(other.pkcs8().value().expose()) == SameKey::no);
    CHECK(with(base64_encode(other.public_key().spki())) == SameKey::no);
    CHECK(with(base64_encode(pub.spki().substr(1))) == SameKey::no);
    CHECK(with(base64url_encode(R"({"kty":"EC"})")) == SameKey::no);
}

TEST_CASE("audit/key-identity: elements are digests in order, each there once") {
    for (const std::string& secret :
         {kOctets, hex(kOctets), std::string(200, 'k'), std::string("00"), std::string("\n")}) {
        const KeyIdentity identity = of_secret(secret);
        CHECK(std::is_sorted(identity.own.begin(), identity.own.end()));
        CHECK(std::is_sorted(identity.others.begin(), identity.others.end()));
        std::vector<std::string> all = identity.own;
        all.insert(all.end(), identity.others.begin(), identity.others.end());
        std::sort(all.begin(), all.end());
        CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
        for (const std::string& element : all) CHECK(element.size() == 32);
    }
    CHECK(of_secret(kOctets).own.size() == 1);
    CHECK(of_secret(std::string(100, 'k')).own.size() == 2);
    CHECK(of_secret(std::string(200, 'k')).own.size() == 3);
}
