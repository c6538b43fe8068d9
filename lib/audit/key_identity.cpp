#include "jwtdomain/audit/key_identity.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "jwtdomain/audit/edwards.h"
#include "jwtdomain/base/vectors.h"
#include "jwtdomain/crypto/sha2.h"
#include "jwtdomain/jwt/keyfile.h"
#include "jwtdomain/jwt/secret_readings.h"

namespace jwtdomain::audit {
namespace {

using Elements = std::vector<std::string>;

KeyIdentity in_order(Elements own, Elements others) {
    sort_once(own);
    sort_once(others);
    KeyIdentity identity{.own = std::move(own), .others = {}};
    std::set_difference(others.begin(), others.end(), identity.own.begin(), identity.own.end(),
                        std::back_inserter(identity.others));
    return identity;
}

// From PublicKey::identity(), which begins with the type of the key.
std::string public_element(const std::string& identity) { return sha256(identity); }

// What a point has in common with its negative: x, of a point in Weierstrass form; of one in Edwards form y, which is
// all but the last bit. Nothing, of RSA.
void add_unsigned_point(Elements& out, const std::string& identity) {
    const std::size_t colon = identity.find(':') + 1;
    const std::string_view type(identity.data(), colon - 1);
    if (type == name_of(KeyType::rsa)) return;
    std::string point = "+-" + identity;
    if (type == name_of(KeyType::ed25519) || type == name_of(KeyType::ed448)) {
        point.back() = static_cast<char>(point.back() & 0x7f);
        // A point of small order beside it changes nothing for who tries a few times.
        const bool is_25519 = type == name_of(KeyType::ed25519);
        const std::string cleared = without_cofactor(is_25519, std::string_view(identity).substr(colon));
        if (!cleared.empty()) out.push_back(sha256("x8 " + std::string(type) + cleared));
    } else
        point.resize(point.size() - (identity.size() - colon) / 2);
    out.push_back(sha256(point));
}

// Without the algorithm: who has K has its digests too, so that K here and one of them there is one key under whatever
// hash either side uses it.
void add_secret(Elements& out, std::string_view secret) {
    for (const unsigned bits : {256u, 384u, 512u}) out.push_back(sha2::hmac_identity(bits, secret));
}

// By PublicKey::identity().
void add_public(Elements& own, Elements& others, const std::string& identity) {
    own.push_back(public_element(identity));
    add_unsigned_point(others, identity);
}

void add_key(Elements& out, const VerificationKey& key) {
    if (const auto* pub = std::get_if<PublicKey>(&key)) {
        out.push_back(public_element(pub->identity()));
        return;
    }
    const auto& hmac = std::get<HmacKey>(key);
    for (const Algorithm algorithm : {Algorithm::HS256, Algorithm::HS384, Algorithm::HS512})
        out.push_back(hmac.identity_under(algorithm));
}

// A DER file, a PEM file or JSON: what to try, since most readings are nothing of the kind.
bool may_be_key_file(std::string_view octets) {
    return !octets.empty() &&
           (octets[0] == '\x30' || octets[0] == '{' || octets.find("-----BEGIN ") != std::string_view::npos);
}

// The octets of a secret that is a key file: who has that key has the secret, and if it is a public one, everybody has.
void add_key_file(Elements& out, std::string_view octets) {
    if (!may_be_key_file(octets)) return;
    const auto no_passphrase = []() -> Result<SecretBytes> { return fail(Fault::usage, "no passphrase"); };
    Result<LoadedKey> file = load_key(octets, {}, no_passphrase);
    if (!file) return;
    for (const Jwk& key : verification_keys(std::move(*file)).keys) add_key(out, key.key);
}

Elements elements_of_readings(std::string_view secret) {
    Elements out;
    add_key_file(out, secret);
    for (const SecretBytes& reading : secret_readings(secret)) {
        add_secret(out, reading.expose());
        add_key_file(out, reading.expose());
    }
    return out;
}

KeyIdentity identify(const VerificationKey& key, Elements others) {
    Elements own;
    add_key(own, key);
    if (const auto* pub = std::get_if<PublicKey>(&key)) add_unsigned_point(others, pub->identity());
    if (const auto* hmac = std::get_if<HmacKey>(&key)) {
        Elements readings = elements_of_readings(hmac->secret().expose());
        std::move(readings.begin(), readings.end(), std::back_inserter(others));
    }
    return in_order(std::move(own), std::move(others));
}

bool intersect(const Elements& a, const Elements& b) {
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
        const int order = i->compare(*j);
        if (order == 0) return true;
        if (order < 0)
            ++i;
        else
            ++j;
    }
    return false;
}

} // namespace

KeyIdentity identity_of_key(const VerificationKey& key) { return identify(key, {}); }

KeyIdentity identity_of_key(const Jwk& key) {
    Elements leaf;
    if (key.x5c_key == X5cKey::different) leaf.push_back(public_element(key.x5c_identity));
    return identify(key.key, std::move(leaf));
}

KeyIdentity identity_of_key(const SkippedKey& key) {
    Elements own, others;
    if (!key.x5c_identity.empty()) others.push_back(public_element(key.x5c_identity));
    if (key.secret) return identify(*key.secret, std::move(others));
    if (!key.identity.empty()) add_public(own, others, key.identity);
    return in_order(std::move(own), std::move(others));
}

KeyIdentity identity_of_key(const accept::KeyUse& key) {
    Elements aliases;
    for (const std::string& alias : key.aliases) aliases.push_back(public_element(alias));
    return identify(key.key, std::move(aliases));
}

KeyIdentity identity_of_public(const std::string& identity) {
    Elements own, others;
    add_public(own, others, identity);
    return in_order(std::move(own), std::move(others));
}

std::vector<std::string> readings_of(const std::vector<KeyIdentity>& keys) {
    std::vector<std::string> out;
    for (const KeyIdentity& key : keys) {
        out.insert(out.end(), key.own.begin(), key.own.end());
        out.insert(out.end(), key.others.begin(), key.others.end());
    }
    sort_once(out);
    return out;
}

std::vector<std::string> PathKeys::readings() const {
    std::vector<KeyIdentity> all = used;
    all.insert(all.end(), passed_over.begin(), passed_over.end());
    return readings_of(all);
}

PathKeys keys_of(const accept::Signing& signing) {
    PathKeys out;
    for (const accept::KeyUse& use : signing.keys) out.used.push_back(identity_of_key(use));
    for (const SkippedKey& key : signing.passed_over) out.passed_over.push_back(identity_of_key(key));
    return out;
}

SameKey same_key(const KeyIdentity& a, const KeyIdentity& b) {
    if (intersect(a.own, b.own)) return SameKey::yes;
    const bool perhaps = intersect(a.own, b.others) || intersect(a.others, b.own) || intersect(a.others, b.others);
    return perhaps ? SameKey::perhaps : SameKey::no;
}

} // namespace jwtdomain::audit
