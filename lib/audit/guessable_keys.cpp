// The public halves of private keys that somebody would try first: small numbers and the last ones below the order, one
// octet over and over, octets that count, digests of the first words of every list.
#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>

#include <openssl/evp.h>

#include "jwtdomain/audit/weak_keys.h"
#include "jwtdomain/crypto/curve.h"
#include "jwtdomain/crypto/openssl.h"
#include "jwtdomain/crypto/sha2.h"

namespace jwtdomain::audit {
namespace {

using Known = std::unordered_set<std::string>; // their x

constexpr std::array<KeyType, 6> kCurves{KeyType::p256,      KeyType::p384,    KeyType::p521,
                                         KeyType::secp256k1, KeyType::ed25519, KeyType::ed448};

constexpr unsigned kSmall = 64;
constexpr std::array<std::string_view, 16> kWords{"",       "secret",    "test",  "password",   "changeme", "jwt",
                                                  "key",    "private",   "admin", "example",    "default",  "hello",
                                                  "123456", "password1", "token", "private key"};

// Each of that many octets.
std::vector<std::string> private_keys(std::size_t size) {
    std::vector<std::string> out;
    for (unsigned value = 0; value < kSmall; ++value) {
        std::string text(size, '\0');
        text.back() = static_cast<char>(value);
        out.push_back(text);
        out.push_back({text.rbegin(), text.rend()});
    }
    for (unsigned octet = 0; octet < 256; ++octet) out.emplace_back(size, static_cast<char>(octet));
    for (const char first : {'\0', '\1', '0', 'a', 'A'}) {
        std::string up, down;
        for (std::size_t i = 0; i < size; ++i) {
            const bool text = first > 1;
            const std::size_t step = text ? i % (first == '0' ? 10 : 26) : i;
            up += static_cast<char>(static_cast<std::size_t>(first) + step);
        }
        down.assign(up.rbegin(), up.rend());
        out.push_back(std::move(up));
        out.push_back(std::move(down));
    }
    std::string digits; // 0123456789abcdef...
    while (digits.size() < size) digits += "0123456789abcdef";
    out.push_back(digits.substr(0, size));
    for (const std::string_view word : kWords) {
        std::string digest = sha256(std::string(word));
        digest.resize(size, '\0');
        out.push_back(std::move(digest));
    }
    return out;
}

void add_edwards(KeyType type, Known& out) {
    const int id = type == KeyType::ed25519 ? EVP_PKEY_ED25519 : EVP_PKEY_ED448;
    const std::size_t size = curve::width(type);
    for (const std::string& seed : private_keys(size)) {
        const openssl::Pkey key(EVP_PKEY_new_raw_private_key(id, nullptr, openssl::octets(seed), size));
        std::string x(size, '\0');
        std::size_t written = size;
        if (key && EVP_PKEY_get_raw_public_key(key.get(), openssl::octets(x.data()), &written) == 1)
            out.insert(std::move(x));
    }
}

// Of a point and its negative: d and the order less d.
void add_weierstrass(KeyType type, Known& out) {
    for (const std::string& scalar : private_keys(curve::width(type))) {
        const auto point = curve::multiply_generator(type, SecretBytes(scalar));
        if (point) out.insert(point->x);
    }
}

} // namespace

bool is_guessable(const std::string& identity) {
    static std::map<KeyType, Known> tables;
    const std::size_t octets = identity.find(':') + 1;
    const auto has_type = [&](KeyType type) { return identity.compare(0, octets - 1, name_of(type)) == 0; };
    const auto* const type = std::find_if(kCurves.begin(), kCurves.end(), has_type);
    if (type == kCurves.end()) return false;
    const auto [table, fresh] = tables.try_emplace(*type);
    if (fresh) curve::is_edwards(*type) ? add_edwards(*type, table->second) : add_weierstrass(*type, table->second);
    return table->second.count(identity.substr(octets, curve::width(*type))) != 0;
}

} // namespace jwtdomain::audit
