// Key sets as they are found: every kind of element, plain, misspelt, marked as something else, nested, private. By
// construction it is known which key each element is. Where a set of staging and what guards prod have a key in common
// the prover must not say that a thief of staging's keys is kept out, whatever is written around the key; where they
// are plain and apart it must.
#include <array>
#include <cstdlib>
#include <random>

#include "audit_estate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

namespace {

constexpr std::size_t kSets = 600;

struct PoolKey {
    std::string public_jwk, private_jwk; // without the last brace and white space
};

std::string opened(std::string jwk) {
    while (jwk.back() != '}') jwk.pop_back();
    jwk.pop_back();
    return jwk;
}

std::vector<PoolKey> make_pool() {
    std::vector<PoolKey> out;
    for (const KeyType type :
         {KeyType::p256, KeyType::p256, KeyType::p384, KeyType::ed25519, KeyType::ed25519, KeyType::rsa}) {
        const PrivateKey key = PrivateKey::generate(type).value();
        const auto secret = write_private_jwk(key, {});
        out.push_back({opened(write_jwk(key.public_key(), {})), opened(std::string(secret->expose()))});
    }
    for (const char octet : {'\x91', '\x7e'}) {
        std::string secret(32, octet);
        for (std::size_t i = 0; i < secret.size(); ++i)
            secret[i] = static_cast<char>(secret[i] + static_cast<char>(i * 37));
        const std::string jwk = R"({"kty":"oct","k":")" + base64url_encode(secret) + '"';
        out.push_back({jwk, jwk});
    }
    return out;
}

class Writer {
public:
    explicit Writer(std::mt19937& random) : random_(random) {}

    // One element of a set, which is this key to somebody.
    std::string element(const PoolKey& key) {
        std::string text = chance(6) ? key.private_jwk : key.public_jwk;
        text += one_of({"", "", R"(,"kid":"a")", R"(,"kid":"b")", R"(,"kid":7)", R"(,"kid":"")", R"(,"kid":null)"});
        text += one_of({"", "", "", R"(,"use":"sig")", R"(,"use":"enc")", R"(,"use":"SIG")", R"(,"use":7)"});
        text += one_of({"", "", "", R"(,"key_ops":["verify"])", R"(,"key_ops":["encrypt"])", R"(,"key_ops":[])",
                        R"(,"key_ops":"sign")"});
        text += one_of({"", "", "", R"(,"alg":"none")", R"(,"alg":"ECDH-ES")", R"(,"alg":7)", R"(,"alg":"")"});
        text += '}';
        if (chance(6)) replace(text, R"("kty":"EC")", R"("kty":"ec")");
        if (chance(6)) replace(text, R"("crv":"P-256")", R"("crv":"p256")");
        if (chance(6)) replace(text, R"("e":"AQAB")", R"("e":"Aw")");
        if (chance(6)) pad(text);
        if (chance(10)) text = R"({"key":)" + text + "}";
        if (chance(10)) text = "[" + text + "]";
        return text;
    }
    // As it should be.
    std::string plain(const PoolKey& key) {
        return key.public_jwk + R"(,"kid":"k)" + std::to_string(random_() % 100) + "\"}";
    }
    bool chance(unsigned of) { return random_() % of == 0; }

private:
    std::string one_of(std::initializer_list<const char*> choices) {
        return *(choices.begin() + static_cast<std::ptrdiff_t>(random_() % choices.size()));
    }
    static void replace(std::string& text, const std::string& what, const std::string& with) {
        if (const std::size_t at = text.find(what); at != std::string::npos) text.replace(at, what.size(), with);
    }
    // "=" at the end of the first member of a key that is in base64url.
    static void pad(std::string& text) {
        for (const char* member : {"\"x\":\"", "\"n\":\"", "\"k\":\""}) {
            const std::size_t at = text.find(member);
            if (at == std::string::npos) continue;
            const std::size_t end = text.find('"', at + 5);
            const std::size_t size = end - at - 5;
            text.insert(end, std::string((4 - size % 4) % 4, '='));
            return;
        }
    }
    std::mt19937& random_;
};

bool keeps_out(const Cell& cell, Attacker attacker) {
    return (!cell.leak || *cell.leak > attacker) && (!cell.unknown || *cell.unknown > attacker);
}

Cell cell_of(const std::string& staging, const std::string& prod) {
    AuditEstate estate;
    estate.files["jwks/staging.json"] = staging;
    estate.files["jwks/prod.json"] = prod;
    estate.paths["prod"] = {
        {"keys", "jwks/prod.json"}, {"kid", "ignored"}, {"issuer", "any"}, {"audience", "any"}, {"expiry", "optional"}};
    const policy::Policy policy = estate.policy();
    const Estate proved = estate.estate(policy);
    EphemeralKeys keys;
    const Findings findings = prove(proved, keys);
    const auto domain = [&](const std::string& name) -> std::size_t {
        return policy.domains.front().name == name ? 0 : 1;
    };
    for (std::size_t s = 0; s < proved.services.size(); ++s) {
        if (proved.services[s].domain == domain("prod")) return findings.cell(proved, domain("staging"), s);
    }
    return {};
}

} // namespace

TEST_CASE("audit/key-sets: a key in both sets is never kept apart, however it is written") {
    const char* const given = std::getenv("JWTDOMAIN_SEED");
    const auto seed = given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
    MESSAGE("seed " << seed << " (JWTDOMAIN_SEED repeats it)");
    CAPTURE(seed);
    std::mt19937 random(seed);
    const std::vector<PoolKey> pool = make_pool();
    Writer writer(random);
    std::size_t shared = 0, apart = 0;
    for (std::size_t round = 0; round < kSets; ++round) {
        std::array<std::vector<std::string>, 2> sets; // of staging and prod
        std::array<unsigned, 2> members{};            // of the pool, as bits
        for (std::size_t side = 0; side < 2; ++side) {
            for (std::size_t n = 1 + random() % 3; n > 0; --n) {
                const std::size_t k = random() % pool.size();
                members[side] |= 1u << k;
                sets[side].push_back(writer.element(pool[k]));
            }
        }
        const std::string staging = key_set(sets[0]), prod = key_set(sets[1]);
        CAPTURE(staging);
        CAPTURE(prod);
        const Cell cell = cell_of(staging, prod);
        if ((members[0] & members[1]) != 0) {
            ++shared;
            if (keeps_out(cell, Attacker::stolen_key)) FAIL("one key, and a thief is said to be kept out");
            if (keeps_out(cell, Attacker::insider))
                FAIL("one key, and its own issuer's tokens are said to be kept out");
        }
    }
    for (std::size_t round = 0; round < kSets / 10; ++round) {
        const std::size_t a = random() % 6, b = (a + 1 + random() % 5) % 6; // no secrets
        const std::string staging = key_set({writer.plain(pool[a])}), prod = key_set({writer.plain(pool[b])});
        CAPTURE(staging);
        CAPTURE(prod);
        apart += keeps_out(cell_of(staging, prod), Attacker::stolen_key);
    }
    MESSAGE(shared << " pairs of sets with a key in common, " << apart << " plain pairs apart");
    CHECK(shared > kSets / 4);
    CHECK(apart == kSets / 10);
}
