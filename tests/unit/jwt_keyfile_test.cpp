// Key files, against the openssl command: what it writes loads here, and what we write loads there.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/keyfile.h"
#include "temporary_directory.h"

using namespace jwtdomain;

namespace {

class Directory : public TemporaryDirectory {
public:
    std::string read(const std::string& name) const {
        std::ifstream file(*this / name, std::ios::binary);
        REQUIRE_MESSAGE(file, name);
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }
    void write(const std::string& name, std::string_view text) const {
        std::ofstream(*this / name, std::ios::binary) << text;
    }
    // Runs `openssl ARGUMENTS` in the directory.
    bool try_openssl(const std::string& arguments) const {
        const std::string command = "cd '" + path() + "' && openssl " + arguments + " >output 2>&1 </dev/null";
        return std::system(command.c_str()) == 0;
    }
    void openssl(const std::string& arguments) const {
        CAPTURE(arguments);
        const bool done = try_openssl(arguments);
        REQUIRE_MESSAGE(done, read("output"));
    }
};

Result<SecretBytes> no_passphrase() { return fail(Fault::usage, "asked for a passphrase"); }
Passphrase passphrase(std::string text) {
    return [text] { return Result<SecretBytes>(SecretBytes(text)); };
}

Result<LoadedKey> load(const Directory& d, const std::string& name, const Passphrase& p = no_passphrase) {
    return load_key(d.read(name), name, p);
}

const PrivateKey& pair_of(const LoadedKey& key) { return std::get<PrivateKey>(std::get<PrivateJwk>(key.content).key); }
const PublicKey& public_of(const LoadedKey& key) { return std::get<PublicKey>(std::get<Jwk>(key.content).key); }

struct Kind {
    KeyType type;
    const char* genpkey;
};
constexpr Kind kKinds[] = {
    {KeyType::p256, "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"},
    {KeyType::p384, "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"},
    {KeyType::p521, "-algorithm EC -pkeyopt ec_paramgen_curve:P-521"},
    {KeyType::secp256k1, "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1"},
    {KeyType::ed25519, "-algorithm ED25519"},
    {KeyType::ed448, "-algorithm ED448"},
    {KeyType::rsa, "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"},
};

bool is_ec(KeyType type) { return type != KeyType::rsa && type != KeyType::ed25519 && type != KeyType::ed448; }

std::string error_of(const Result<LoadedKey>& key) {
    REQUIRE_FALSE(key);
    return key.error().message + " | " + key.error().hint;
}

} // namespace

TEST_CASE("jwt/keyfile: keys that openssl made load in every format, and are written back octet for octet") {
    const Directory d;
    for (const Kind& kind : kKinds) {
        CAPTURE(std::string(name_of(kind.type)));
        d.openssl(std::string("genpkey ") + kind.genpkey + " -out key.pem");
        d.openssl("pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out key.der");
        d.openssl("pkey -in key.pem -pubout -out pub.pem");
        d.openssl("pkey -in key.pem -pubout -outform DER -out pub.der");
        d.openssl("req -x509 -new -key key.pem -subj /CN=test -days 1 -out cert.pem");
        d.openssl("x509 -in cert.pem -outform DER -out cert.der");

        const LoadedKey key = load(d, "key.pem").value();
        CHECK(key.format == KeyFormat::pem);
        CHECK_FALSE(key.encrypted);
        CHECK(pair_of(key).type() == kind.type);
        const SigningKey& signing = std::get<PrivateJwk>(key.content).key;
        CHECK(write_private_key(signing, {}, KeyFormat::pem).value().expose() == d.read("key.pem"));
        CHECK(write_private_key(signing, {}, KeyFormat::der).value().expose() == d.read("key.der"));
        CHECK(load(d, "key.der").value().format == KeyFormat::der);
        CHECK(pair_of(load(d, "key.der").value()).public_key().identity() == pair_of(key).public_key().identity());

        const PublicKey& pub = pair_of(key).public_key();
        CHECK(write_public_key(pub, {}, KeyFormat::pem).value() == d.read("pub.pem"));
        CHECK(write_public_key(pub, {}, KeyFormat::der).value() == d.read("pub.der"));
        for (const char* file : {"pub.pem", "pub.der", "cert.pem", "cert.der"}) {
            CAPTURE(file);
            const LoadedKey loaded = load(d, file).value();
            CHECK(public_of(loaded).identity() == pub.identity());
            CHECK(public_of(loaded).thumbprint() == pub.thumbprint());
            CHECK(public_of(loaded).spki() == d.read("pub.der"));
        }
        CHECK(load(d, "cert.pem").value().format == KeyFormat::certificate);
        CHECK(load(d, "cert.der").value().format == KeyFormat::certificate);

        if (kind.type != KeyType::rsa && !is_ec(kind.type)) continue;
        const KeyFormat classic = kind.type == KeyType::rsa ? KeyFormat::pkcs1 : KeyFormat::sec1;
        d.openssl("pkey -in key.pem -traditional -out classic.pem");
        d.openssl("pkey -in key.pem -traditional -outform DER -out classic.der");
        CHECK(load(d, "classic.pem").value().format == classic);
        CHECK(pair_of(load(d, "classic.der").value()).public_key().identity() == pub.identity());
        CHECK(write_private_key(signing, {}, classic).value().expose() == d.read("classic.pem"));
    }
}

TEST_CASE("jwt/keyfile: keys made here load in openssl, and both verify what the other signed") {
    const Directory d;
    d.write("message", "signed text");
    for (const Kind& kind : kKinds) {
        CAPTURE(std::string(name_of(kind.type)));
        const SigningKey signing = PrivateKey::generate(kind.type).value();
        const PublicKey& pub = std::get<PrivateKey>(signing).public_key();
        d.write("ours.pem", write_private_key(signing, {}, KeyFormat::pem).value().expose());
        d.write("ours.pub", write_public_key(pub, {}, KeyFormat::pem).value());
        d.openssl("pkey -in ours.pem -check -noout");
        d.openssl("pkey -in ours.pem -pubout -out theirs.pub");
        CHECK(d.read("theirs.pub") == d.read("ours.pub"));
        if (is_ec(kind.type)) continue; // ECDSA signatures of the command are in DER

        const Algorithm algorithm = default_algorithm(kind.type);
        const std::string raw = kind.type == KeyType::rsa ? "-digest sha256" : "";
        d.openssl("pkeyutl -sign -inkey ours.pem -rawin " + raw + " -in message -out theirs.sig");
        CHECK(SignatureVerifier::make(pub, algorithm).value().verify("signed text", d.read("theirs.sig")));
        d.write("ours.sig", Signer::make(std::get<PrivateKey>(signing), algorithm).value().sign("signed text").value());
        d.openssl("pkeyutl -verify -pubin -inkey ours.pub -rawin " + raw + " -in message -sigfile ours.sig");
    }
}

TEST_CASE("jwt/keyfile: encrypted PKCS#8 of openssl loads with its passphrase") {
    const Directory d;
    d.openssl("genpkey -algorithm ED25519 -out key.pem");
    const std::string identity = pair_of(load(d, "key.pem").value()).public_key().identity();
    for (const char* scheme :
         {"-v2 aes-256-cbc", "-v2 aes-128-cbc -v2prf hmacWithSHA1", "-v2 aes-192-cbc -v2prf hmacWithSHA512",
          "-v2 des3 -v2prf hmacWithSHA384", "-scrypt", "-iter 1"}) {
        CAPTURE(scheme);
        d.openssl(std::string("pkcs8 -topk8 ") + scheme + " -passout pass:secret -in key.pem -out enc.pem");
        const LoadedKey key = load(d, "enc.pem", passphrase("secret")).value();
        CHECK(key.encrypted);
        CHECK(key.format == KeyFormat::pem);
        CHECK(pair_of(key).public_key().identity() == identity);
        const auto wrong = load(d, "enc.pem", passphrase("Secret"));
        REQUIRE_FALSE(wrong);
        CHECK(wrong.error().fault == Fault::invalid);
        CHECK(wrong.error().message.find("passphrase") != std::string::npos);
        CHECK_FALSE(load(d, "enc.pem", passphrase("")));
    }
    d.openssl("pkcs8 -topk8 -passout pass:secret -in key.pem -outform DER -out enc.der");
    CHECK(load(d, "enc.der", passphrase("secret")).value().encrypted);
    CHECK(error_of(load(d, "enc.der")).find("asked for a passphrase") != std::string::npos);
    CHECK(load_key(d.read("enc.der"), "f", {}).error().fault == Fault::usage);
}

TEST_CASE("jwt/keyfile: encrypted PKCS#8 written here loads in openssl and here") {
    const Directory d;
    for (const KeyType type : {KeyType::p256, KeyType::rsa}) {
        const SigningKey signing = PrivateKey::generate(type).value();
        const SecretBytes secret("correct horse");
        d.write("enc.pem", write_private_key(signing, {}, KeyFormat::pem, &secret).value().expose());
        CHECK(d.read("enc.pem").substr(0, 37) == "-----BEGIN ENCRYPTED PRIVATE KEY-----");
        d.openssl("pkey -in enc.pem -passin 'pass:correct horse' -check -noout");
        CHECK_FALSE(d.try_openssl("pkey -in enc.pem -passin pass:wrong -noout"));
        CHECK(pair_of(load(d, "enc.pem", passphrase("correct horse")).value()).public_key().identity() ==
              std::get<PrivateKey>(signing).public_key().identity());
        d.write("enc.der", write_private_key(signing, {}, KeyFormat::der, &secret).value().expose());
        d.openssl("pkey -in enc.der -inform DER -passin 'pass:correct horse' -noout");
    }
}

TEST_CASE("jwt/keyfile: other shapes that openssl writes") {
    const Directory d;
    d.openssl("ecparam -name prime256v1 -genkey -out with-parameters.pem");
    const LoadedKey key = load(d, "with-parameters.pem").value();
    CHECK(key.format == KeyFormat::sec1);
    const std::string identity = pair_of(key).public_key().identity();

    d.openssl("ec -in with-parameters.pem -conv_form compressed -out compressed.pem");
    CHECK(pair_of(load(d, "compressed.pem").value()).public_key().identity() == identity);
    d.openssl("ec -in with-parameters.pem -conv_form compressed -pubout -out compressed.pub");
    CHECK(public_of(load(d, "compressed.pub").value()).identity() == identity);
    d.openssl("ec -in with-parameters.pem -no_public -out no-public.pem");
    CHECK(pair_of(load(d, "no-public.pem").value()).public_key().identity() == identity);
    d.openssl("ec -in with-parameters.pem -param_enc explicit -out explicit.pem");
    CHECK_FALSE(load(d, "explicit.pem"));
    d.openssl("ec -in with-parameters.pem -param_enc explicit -pubout -out explicit.pub");
    CHECK(error_of(load(d, "explicit.pub")).find("CVE-2020-0601") != std::string::npos);

    d.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem");
    d.openssl("rsa -in rsa.pem -RSAPublicKey_out -out pkcs1.pub");
    d.openssl("rsa -in rsa.pem -RSAPublicKey_out -outform DER -out pkcs1.der");
    const LoadedKey rsa = load(d, "pkcs1.pub").value();
    CHECK(rsa.format == KeyFormat::pkcs1);
    CHECK(write_public_key(public_of(rsa), {}, KeyFormat::pkcs1).value() == d.read("pkcs1.pub"));
    CHECK(public_of(load(d, "pkcs1.der").value()).identity() == public_of(rsa).identity());

    d.openssl("req -x509 -new -key rsa.pem -subj /CN=a -days 1 -out cert.pem");
    d.write("chain.pem", d.read("cert.pem") + d.read("cert.pem"));
    CHECK(public_of(load(d, "chain.pem").value()).identity() == public_of(rsa).identity());
    d.write("both.pem", "Bag Attributes\n" + d.read("cert.pem") + d.read("rsa.pem"));
    CHECK(pair_of(load(d, "both.pem").value()).public_key().identity() == public_of(rsa).identity());
    d.write("crlf.pem", "\xef\xbb\xbf\r\n" + d.read("pkcs1.pub"));
    CHECK(load(d, "crlf.pem"));
}

TEST_CASE("jwt/keyfile: what cannot be used is refused with what to do") {
    const Directory d;
    d.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out small.pem");
    CHECK(error_of(load(d, "small.pem")).find("1024 bits") != std::string::npos);
    d.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3 -out three.pem");
    CHECK(error_of(load(d, "three.pem")).find("exponent") != std::string::npos);
    d.openssl("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.pem");
    CHECK(error_of(load(d, "pss.pem")).find("RSA-PSS") != std::string::npos);
    d.openssl("genpkey -algorithm X25519 -out x25519.pem");
    CHECK(load(d, "x25519.pem").error().fault == Fault::unsupported);
    d.openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-224 -out p224.pem");
    CHECK(load(d, "p224.pem").error().fault == Fault::unsupported);
    d.openssl("genrsa -primes 3 -out three-primes.pem 2048");
    CHECK(error_of(load(d, "three-primes.pem")).find("two primes") != std::string::npos);
    d.openssl("genpkey -algorithm ED25519 -out key.pem");
    d.openssl("pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout pass:secret -in key.pem -out old.pem");
    CHECK(error_of(load(d, "old.pem", passphrase("secret"))).find("openssl pkcs8 -topk8") != std::string::npos);
    d.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem");
    d.openssl("rsa -in rsa.pem -traditional -aes256 -passout pass:secret -out legacy.pem");
    CHECK(error_of(load(d, "legacy.pem", passphrase("secret"))).find("openssl pkcs8 -topk8") != std::string::npos);

    const std::string pem = d.read("key.pem");
    d.write("two.pem", pem + pem);
    CHECK(error_of(load(d, "two.pem")).find("several keys") != std::string::npos);
    d.write("cut.pem", pem.substr(0, pem.size() / 2 + 20));
    CHECK(error_of(load(d, "cut.pem")).find("no end") != std::string::npos);
    d.write("label.pem",
            "-----BEGIN PUBLIC KEY-----" + pem.substr(27, pem.size() - 27 - 26) + "-----END PUBLIC KEY-----\n");
    CHECK(error_of(load(d, "label.pem")).find("label") != std::string::npos);
    d.write("ssh.pub", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me@here");
    CHECK(error_of(load(d, "ssh.pub")).find("ssh-keygen") != std::string::npos);
    d.write("openssh", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
    CHECK(error_of(load(d, "openssh")).find("ssh-keygen") != std::string::npos);
    d.openssl("pkcs12 -export -nocerts -inkey key.pem -passout pass:secret -out key.p12");
    CHECK(error_of(load(d, "key.p12")).find("openssl pkcs12 -in FILE") != std::string::npos);
    d.openssl("pkcs12 -in key.p12 -nocerts -passin pass:secret -passout pass:secret -out taken.pem");
    CHECK(load(d, "taken.pem", passphrase("secret"))); // what the hint says works
    for (const char* junk : {"", " \n", "hello", "0", "{}", "[]", "-----BEGIN", "-----BEGIN PRIVATE KEY-----"}) {
        CAPTURE(junk);
        const auto refused = load_key(junk, "junk", no_passphrase);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().where.file == "junk");
    }
    CHECK(load_key(std::string((4 << 20) + 1, 'a'), "big", no_passphrase).error().fault == Fault::limit);
}

TEST_CASE("jwt/keyfile: JWK files, public and private, and sets of them") {
    const SigningKey one = PrivateKey::generate(KeyType::p256).value();
    const SigningKey two = PrivateKey::generate(KeyType::ed25519).value();
    JwkMetadata first, second;
    first.kid = "one";
    second.kid = "two";
    const std::string jwk(write_private_key(one, first, KeyFormat::jwk).value().expose());
    const LoadedKey loaded = load_key(jwk, "f", no_passphrase).value();
    CHECK(loaded.format == KeyFormat::jwk);
    CHECK(std::get<PrivateJwk>(loaded.content).metadata.kid == "one");

    const std::string set(write_private_key(one, first, KeyFormat::jwks).value().expose());
    CHECK(pair_of(load_key(set, "f", no_passphrase).value()).public_key().identity() ==
          std::get<PrivateKey>(one).public_key().identity());

    const std::string both =
        "{\"keys\":[" + jwk + "," + std::string(write_private_jwk(two, second).value().expose()) + "]}";
    CHECK(error_of(load_key(both, "f", no_passphrase)).find("kid") != std::string::npos);
    CHECK(pair_of(load_key(both, "f", no_passphrase, "two").value()).type() == KeyType::ed25519);
    CHECK_FALSE(load_key(both, "f", no_passphrase, "three"));

    const PublicKey& pub = std::get<PrivateKey>(one).public_key();
    CHECK(public_of(load_key(write_jwk(pub, first), "f", no_passphrase).value()).identity() == pub.identity());
    const LoadedKey published = load_key(write_jwks({{pub, first}, {pub, second}}), "f", no_passphrase).value();
    CHECK(std::get<JwkSet>(published.content).keys.size() == 2);

    const SigningKey hmac = HmacKey::generate(32).value();
    const LoadedKey secret =
        load_key(write_private_key(hmac, {}, KeyFormat::jwk).value().expose(), "f", no_passphrase).value();
    CHECK(type_of(std::get<PrivateJwk>(secret.content).key) == KeyType::hmac);
}

TEST_CASE("jwt/keyfile: a format that cannot hold the key is a usage error") {
    const SigningKey hmac = HmacKey::generate(32).value();
    const SigningKey okp = PrivateKey::generate(KeyType::ed25519).value();
    const SigningKey ec = PrivateKey::generate(KeyType::p256).value();
    const SecretBytes secret("secret"), nothing;
    const auto fault = [](const Result<SecretBytes>& r) { return r ? Fault::internal : r.error().fault; };
    for (const KeyFormat format :
         {KeyFormat::pem, KeyFormat::der, KeyFormat::pkcs1, KeyFormat::sec1, KeyFormat::certificate}) {
        CHECK(fault(write_private_key(hmac, {}, format)) == Fault::usage);
    }
    CHECK(fault(write_private_key(okp, {}, KeyFormat::sec1)) == Fault::usage);
    CHECK(fault(write_private_key(okp, {}, KeyFormat::pkcs1)) == Fault::usage);
    CHECK(fault(write_private_key(ec, {}, KeyFormat::certificate)) == Fault::usage);
    CHECK(fault(write_private_key(ec, {}, KeyFormat::jwk, &secret)) == Fault::usage);
    CHECK(fault(write_private_key(ec, {}, KeyFormat::sec1, &secret)) == Fault::usage);
    CHECK(fault(write_private_key(ec, {}, KeyFormat::pem, &nothing)) == Fault::usage);
    CHECK_FALSE(write_public_key(std::get<PrivateKey>(ec).public_key(), {}, KeyFormat::pkcs1));
    CHECK_FALSE(write_public_key(std::get<PrivateKey>(ec).public_key(), {}, KeyFormat::sec1));
    CHECK_FALSE(write_public_key(std::get<PrivateKey>(ec).public_key(), {}, KeyFormat::certificate));
}

TEST_CASE("jwt/keyfile: format names") {
    for (const char* name : {"pem", "der", "jwk", "jwks", "pkcs1", "sec1", "x509"}) CHECK(find_key_format(name));
    CHECK_FALSE(find_key_format("PEM"));
    CHECK_FALSE(find_key_format(""));
}
