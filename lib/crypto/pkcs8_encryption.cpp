#include "jwtdomain/crypto/pkcs8_encryption.h"

#include <array>
#include <cstdint>
#include <string>

#include <openssl/err.h>

#include "jwtdomain/crypto/der.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/crypto/openssl.h"

namespace jwtdomain::der {
namespace {

using namespace std::string_view_literals;
using openssl::octets;
using CipherContext = openssl::Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr std::uint64_t kMaxIterations = 10'000'000;
constexpr std::uint64_t kMaxScryptMemory = 256u << 20;
constexpr std::uint64_t kMaxScryptParallel = 16;

constexpr std::string_view kPbes2 = "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"sv;     // 1.2.840.113549.1.5.13
constexpr std::string_view kPbkdf2 = "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c"sv;    // 1.2.840.113549.1.5.12
constexpr std::string_view kScrypt = "\x2b\x06\x01\x04\x01\xda\x47\x04\x0b"sv;    // 1.3.6.1.4.1.11591.4.11
constexpr std::string_view kHmacSha256 = "\x2a\x86\x48\x86\xf7\x0d\x02\x09"sv;    // 1.2.840.113549.2.9
constexpr std::string_view kAes256Cbc = "\x60\x86\x48\x01\x65\x03\x04\x01\x2a"sv; // 2.16.840.1.101.3.4.1.42

struct Prf {
    std::string_view oid;
    const EVP_MD* (*md)();
};
constexpr std::array kPrfs{
    Prf{"\x2a\x86\x48\x86\xf7\x0d\x02\x07"sv, EVP_sha1}, // the default of RFC 8018 too
    Prf{kHmacSha256, EVP_sha256},
    Prf{"\x2a\x86\x48\x86\xf7\x0d\x02\x0a"sv, EVP_sha384},
    Prf{"\x2a\x86\x48\x86\xf7\x0d\x02\x0b"sv, EVP_sha512},
};

struct Cipher {
    std::string_view oid;
    const EVP_CIPHER* (*cipher)();
};
constexpr std::array kCiphers{
    Cipher{"\x60\x86\x48\x01\x65\x03\x04\x01\x02"sv, EVP_aes_128_cbc},
    Cipher{"\x60\x86\x48\x01\x65\x03\x04\x01\x16"sv, EVP_aes_192_cbc}, Cipher{kAes256Cbc, EVP_aes_256_cbc},
    Cipher{"\x2a\x86\x48\x86\xf7\x0d\x03\x07"sv, EVP_des_ede3_cbc}, // 1.2.840.113549.3.7
};

struct Scheme {
    std::string_view salt;
    bool scrypt = false;
    std::uint64_t cost = 0; // iterations of PBKDF2, N of scrypt
    std::uint64_t block = 0, parallel = 0;
    const EVP_MD* prf = EVP_sha1();
    const EVP_CIPHER* cipher = nullptr;
    std::string_view iv;
    std::string_view text; // encrypted
};

tl::unexpected<Error> malformed_file() {
    return fail(Fault::invalid, "the DER of the encrypted private key is malformed");
}

tl::unexpected<Error> unknown(const char* what) {
    return fail(Fault::unsupported, std::string("the private key is encrypted with ") + what + " that is not supported",
                "encrypt it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEW");
}

bool read_number(Reader& reader, std::uint64_t& number) {
    std::string_view digits;
    if (!reader.read_unsigned(digits) || digits.size() > 7) return false;
    number = 0;
    for (const char digit : digits) number = (number << 8) | static_cast<unsigned char>(digit);
    return number > 0;
}

Status read_pbkdf2(Reader parameters, Scheme& scheme) {
    std::string_view prf, oid, null;
    std::uint64_t key_size = 0;
    if (!parameters.read(kOctetString, scheme.salt) || !read_number(parameters, scheme.cost)) return malformed_file();
    if (parameters.next_is(kInteger) && !read_number(parameters, key_size)) return malformed_file();
    if (parameters.empty()) return {};
    if (!parameters.read(kSequence, prf) || !parameters.empty()) return malformed_file();
    Reader algorithm(prf);
    if (!algorithm.read(kOid, oid) || (!algorithm.empty() && !algorithm.read(kNull, null))) return malformed_file();
    for (const Prf& entry : kPrfs) {
        if (entry.oid != oid) continue;
        scheme.prf = entry.md();
        return {};
    }
    return unknown("a hash");
}

Status read_scrypt(Reader parameters, Scheme& scheme) {
    std::uint64_t key_size = 0;
    scheme.scrypt = true;
    if (!parameters.read(kOctetString, scheme.salt) || !read_number(parameters, scheme.cost) ||
        !read_number(parameters, scheme.block) || !read_number(parameters, scheme.parallel) ||
        (!parameters.empty() && !read_number(parameters, key_size)) || !parameters.empty()) {
        return malformed_file();
    }
    return {};
}

Status read_kdf(Reader& outer, Scheme& scheme) {
    std::string_view contents, oid, parameters;
    if (!outer.read(kSequence, contents)) return malformed_file();
    Reader kdf(contents);
    if (!kdf.read(kOid, oid)) return malformed_file();
    if (oid != kPbkdf2 && oid != kScrypt) return unknown("a key derivation");
    if (!kdf.read(kSequence, parameters) || !kdf.empty()) return malformed_file();
    return oid == kPbkdf2 ? read_pbkdf2(Reader(parameters), scheme) : read_scrypt(Reader(parameters), scheme);
}

Status read_cipher(Reader& outer, Scheme& scheme) {
    std::string_view contents, oid;
    if (!outer.read(kSequence, contents) || !outer.empty()) return malformed_file();
    Reader cipher(contents);
    if (!cipher.read(kOid, oid)) return malformed_file();
    for (const Cipher& entry : kCiphers) {
        if (entry.oid == oid) scheme.cipher = entry.cipher();
    }
    if (scheme.cipher == nullptr) return unknown("a cipher");
    if (!cipher.read(kOctetString, scheme.iv) || !cipher.empty() ||
        scheme.iv.size() != static_cast<std::size_t>(EVP_CIPHER_get_iv_length(scheme.cipher))) {
        return malformed_file();
    }
    return {};
}

Status read_scheme(std::string_view der, Scheme& scheme) {
    std::string_view contents, algorithm, oid, parameters;
    Reader outer(der);
    if (!outer.read(kSequence, contents) || !outer.empty()) return malformed_file();
    Reader inner(contents);
    if (!inner.read(kSequence, algorithm) || !inner.read(kOctetString, scheme.text) || !inner.empty())
        return malformed_file();
    Reader pbe(algorithm);
    if (!pbe.read(kOid, oid)) return malformed_file();
    if (oid != kPbes2) return unknown("a scheme older than PBES2");
    if (!pbe.read(kSequence, parameters) || !pbe.empty()) return malformed_file();
    Reader pbes2(parameters);
    if (Status kdf = read_kdf(pbes2, scheme); !kdf) return kdf;
    return read_cipher(pbes2, scheme);
}

Result<SecretBytes> derive(const Scheme& scheme, const SecretBytes& passphrase) {
    SecretBytes key(static_cast<std::size_t>(EVP_CIPHER_get_key_length(scheme.cipher)));
    const std::string_view pass = passphrase.expose();
    int done = 0;
    if (scheme.scrypt) {
        if (scheme.parallel > kMaxScryptParallel || scheme.block > 1024 || scheme.cost > (1u << 24)) {
            return fail(Fault::limit, "the passphrase's scrypt is too costly");
        }
        done =
            EVP_PBE_scrypt(pass.data(), pass.size(), octets(scheme.salt), scheme.salt.size(), scheme.cost, scheme.block,
                           scheme.parallel, kMaxScryptMemory, octets(key.expose_mutable()), key.size());
    } else {
        if (scheme.cost > kMaxIterations) return fail(Fault::limit, "the passphrase's PBKDF2 has too many iterations");
        done = PKCS5_PBKDF2_HMAC(pass.data(), static_cast<int>(pass.size()), octets(scheme.salt),
                                 static_cast<int>(scheme.salt.size()), static_cast<int>(scheme.cost), scheme.prf,
                                 static_cast<int>(key.size()), octets(key.expose_mutable()));
    }
    if (done == 1) return key;
    ERR_clear_error();
    return fail(Fault::invalid, "no key can be derived with the parameters of the encrypted private key");
}

// One direction of CBC with PKCS#7 padding; empty on failure.
SecretBytes run_cipher(const Scheme& scheme, const SecretBytes& key, std::string_view text, bool encrypt) {
    const CipherContext context(EVP_CIPHER_CTX_new());
    SecretBytes out(text.size() + EVP_MAX_BLOCK_LENGTH);
    int size = 0, last = 0;
    unsigned char* to = octets(out.expose_mutable());
    if (EVP_CipherInit_ex2(context.get(), scheme.cipher, octets(key.expose()), octets(scheme.iv), encrypt ? 1 : 0,
                           nullptr) != 1 ||
        EVP_CipherUpdate(context.get(), to, &size, octets(text), static_cast<int>(text.size())) != 1 ||
        EVP_CipherFinal_ex(context.get(), to + size, &last) != 1) {
        ERR_clear_error();
        return {};
    }
    out.truncate(static_cast<std::size_t>(size) + static_cast<std::size_t>(last));
    return out;
}

std::string sequence(std::string_view contents) {
    std::string out;
    append(out, kSequence, contents);
    return out;
}

std::string identifier(std::string_view oid, std::string_view parameters) {
    std::string contents;
    append(contents, kOid, oid);
    contents += parameters;
    return sequence(contents);
}

std::string encode_scheme(const Scheme& scheme) {
    std::string pbkdf2, iterations, iv, null;
    for (std::uint64_t rest = scheme.cost; rest > 0; rest >>= 8)
        iterations.insert(0, 1, static_cast<char>(rest & 0xff));
    append(null, kNull, {});
    append(pbkdf2, kOctetString, scheme.salt);
    append_unsigned(pbkdf2, iterations);
    pbkdf2 += identifier(kHmacSha256, null);
    append(iv, kOctetString, scheme.iv);
    return identifier(kPbes2, sequence(identifier(kPbkdf2, sequence(pbkdf2)) + identifier(kAes256Cbc, iv)));
}

} // namespace

Result<SecretBytes> decrypt_pkcs8(std::string_view der, const SecretBytes& passphrase) {
    Scheme scheme;
    if (Status read = read_scheme(der, scheme); !read) return tl::unexpected(read.error());
    const Result<SecretBytes> key = derive(scheme, passphrase);
    if (!key) return tl::unexpected(key.error());
    SecretBytes out = run_cipher(scheme, *key, scheme.text, false);
    std::string_view ignored;
    Reader check(out.expose());
    if (check.read(kSequence, ignored) && check.empty()) return out;
    return fail(Fault::invalid, "the passphrase is wrong, or the encrypted private key is damaged");
}

Result<SecretBytes> encrypt_pkcs8(const SecretBytes& private_key_info, const SecretBytes& passphrase,
                                  unsigned iterations) {
    const std::string salt = random_octets(16), iv = random_octets(16);
    Scheme scheme;
    scheme.salt = salt;
    scheme.cost = iterations;
    scheme.prf = EVP_sha256();
    scheme.cipher = EVP_aes_256_cbc();
    scheme.iv = iv;
    const Result<SecretBytes> key = derive(scheme, passphrase);
    if (!key) return tl::unexpected(key.error());
    const SecretBytes text = run_cipher(scheme, *key, private_key_info.expose(), true);
    if (text.empty()) return fail(Fault::internal, "OpenSSL could not encrypt");
    std::string contents = encode_scheme(scheme);
    append(contents, kOctetString, text.expose());
    return SecretBytes(sequence(contents));
}

} // namespace jwtdomain::der
