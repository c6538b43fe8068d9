// KEY-04 and KEY-06: for each a secret or modulus that is weak, a near miss, and one that the rule is not about.
#include <algorithm>
#include <numeric>
#include <random>

#include <doctest/doctest.h>

#include "jwtdomain/audit/big_product.h"
#include "jwtdomain/audit/weak_keys.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/crypto/openssl.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using openssl::Bignum;

namespace {

std::string octets_of(const Bignum& number) {
    std::string out(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), openssl::octets(out.data()));
    return out;
}

Bignum prime(int bits) {
    Bignum out(BN_new());
    REQUIRE(BN_generate_prime_ex(out.get(), bits, 0, nullptr, nullptr, nullptr) == 1);
    return out;
}

std::string product(const Bignum& p, const Bignum& q) {
    const openssl::BignumContext context(BN_CTX_new());
    const Bignum out(BN_new());
    BN_mul(out.get(), p.get(), q.get(), context.get());
    return octets_of(out);
}

// The first odd number above `from` that no prime below 1000 divides.
Bignum next_rough(Bignum from) {
    for (BN_add_word(from.get(), BN_is_odd(from.get()) ? 2 : 1);; BN_add_word(from.get(), 2)) {
        bool rough = true;
        for (BN_ULONG d = 3; rough && d < 1000; d += 2) rough = BN_mod_word(from.get(), d) != 0;
        if (rough) return from;
    }
}

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

Pairs shared(const std::vector<std::string>& moduli) {
    Pairs out;
    for (const SharedFactor& found : shared_factors(moduli)) out.emplace_back(found.modulus, found.other);
    return out;
}

std::string number(std::uint64_t value) {
    std::string out;
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
    return out;
}

std::optional<SecretWeakness> weakness(std::string_view secret, Algorithm algorithm = Algorithm::HS256) {
    return weak_secret(secret, algorithm);
}

constexpr auto kWords = SecretWeakness::words;
constexpr auto kRepetition = SecretWeakness::repetition;
constexpr auto kTooShort = SecretWeakness::too_short;

std::string hex(std::string_view octets) {
    std::string out;
    for (const char c : octets) {
        out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
        out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

} // namespace

TEST_CASE("audit/weak-keys: moduli that share a prime are found, coprime ones are not (KEY-04)") {
    std::vector<Bignum> primes;
    for (int i = 0; i < 9; ++i) primes.push_back(prime(256));
    const auto modulus = [&](std::size_t p, std::size_t q) { return product(primes[p], primes[q]); };
    CHECK(shared({modulus(0, 1), modulus(2, 3)}).empty());
    CHECK(shared({modulus(0, 1), modulus(2, 3), modulus(0, 4)}) == Pairs{{0, 2}, {2, 0}});
    CHECK(shared({modulus(5, 6), modulus(0, 1), modulus(1, 2), modulus(7, 8)}) == Pairs{{1, 2}, {2, 1}});
    // Both primes shared, with different moduli.
    const Pairs chain = shared({modulus(0, 1), modulus(1, 2), modulus(2, 3), modulus(4, 5)});
    REQUIRE(chain.size() == 3);
    CHECK(chain[0] == std::pair<std::size_t, std::size_t>{0, 1});
    CHECK((chain[1].first == 1 && (chain[1].second == 0 || chain[1].second == 2)));
    CHECK(chain[2] == std::pair<std::size_t, std::size_t>{2, 1});
    CHECK(shared({modulus(0, 1), modulus(1, 2), modulus(2, 0)}).size() == 3); // a ring
    CHECK(shared({modulus(0, 0), modulus(0, 1)}) == Pairs{{0, 1}, {1, 0}});   // a square
}

TEST_CASE("audit/weak-keys: numbers that are no moduli share small primes and large ones, and each gets its partner "
          "(KEY-04)") {
    std::vector<Bignum> large;
    for (int i = 0; i < 4; ++i) large.push_back(prime(256));
    std::mt19937_64 random(20261126);
    std::vector<std::string> numbers;
    for (int i = 0; i < 200; ++i) { // one or two small primes, perhaps a large one, and a prime of its own
        const Bignum own = prime(256), small(BN_new());
        const BN_ULONG smalls[] = {1, 3, 5, 7, 251, 4093, 4099, 65537};
        BN_set_word(small.get(), smalls[random() % 8] * smalls[random() % 8]);
        const std::string half = product(own, small);
        numbers.push_back(random() % 8 == 0 ? product(openssl::bignum(half), large[random() % 4]) : half);
    }
    const Pairs found = shared(numbers);
    const auto coprime = [&](std::size_t a, std::size_t b) {
        const Bignum divisor(BN_new()), x = openssl::bignum(numbers[a]), y = openssl::bignum(numbers[b]);
        const openssl::BignumContext context(BN_CTX_new());
        BN_gcd(divisor.get(), x.get(), y.get(), context.get());
        return BN_is_one(divisor.get()) == 1;
    };
    std::size_t at = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        bool shares = false;
        for (std::size_t k = 0; k < numbers.size(); ++k)
            shares = shares || (numbers[k] != numbers[i] && !coprime(i, k));
        const bool told = at < found.size() && found[at].first == i;
        REQUIRE(told == shares);
        if (told) CHECK(!coprime(i, found[at++].second));
    }
    CHECK(found.size() > 100);
}

TEST_CASE("audit/weak-keys: equal moduli are one key and share no factor (KEY-04)") {
    const Bignum p = prime(256), q = prime(256), r = prime(256), s = prime(256);
    const std::string a = product(p, q), b = product(p, r), c = product(r, s);
    CHECK(shared({a, a}).empty());
    CHECK(shared({a, std::string(3, '\0') + a, c}).empty()); // leading zeros say nothing
    CHECK(shared({a, a, b}) == Pairs{{0, 2}, {1, 2}, {2, 0}});
    CHECK(shared({b, c, a, b}).size() == 4);
}

TEST_CASE("audit/weak-keys: there is nothing to share in one modulus, in none, and in no modulus (KEY-04)") {
    CHECK(shared({}).empty());
    CHECK(shared({number(15)}).empty());
    CHECK(shared({"", number(0), number(1), number(6), number(10), number(15)}).empty()); // even ones are left out
    CHECK(shared({number(15), number(0), number(21)}) == Pairs{{0, 2}, {2, 0}});
}

TEST_CASE("audit/weak-keys: of many small moduli just those are found that pairwise division finds (KEY-04)") {
    std::uint64_t state = 12345;
    const auto next = [&] { return (state = state * 6364136223846793005 + 1442695040888963407) >> 33; };
    for (const std::size_t count : {2u, 3u, 5u, 8u, 33u, 100u, 257u}) {
        std::vector<std::uint64_t> values;
        std::vector<std::string> moduli;
        for (std::size_t i = 0; i < count; ++i) {
            values.push_back(next() * next() | 1);
            moduli.push_back(number(values.back()));
        }
        Pairs found = shared(moduli);
        std::size_t at = 0;
        for (std::size_t i = 0; i < count; ++i) {
            bool expected = false;
            for (std::size_t j = 0; j < count; ++j)
                expected |= values[i] != values[j] && std::gcd(values[i], values[j]) > 1;
            const bool reported = at < found.size() && found[at].first == i;
            CHECK(reported == expected);
            if (reported) CHECK(std::gcd(values[i], values[found[at++].second]) > 1);
        }
        CHECK(at == found.size());
    }
}

TEST_CASE("audit/weak-keys: one shared prime among many large moduli is found (KEY-04)") {
    // Enough of them for the transform to be used. Rough numbers stand in for primes, which take too long to make.
    std::vector<Bignum> factors;
    Bignum seed = prime(1024);
    for (int i = 0; i < 2 * 70; ++i) {
        BN_add_word(seed.get(), 1 << 20);
        factors.push_back(next_rough(Bignum(BN_dup(seed.get()))));
    }
    std::vector<std::string> moduli;
    for (std::size_t i = 0; i + 1 < factors.size(); i += 2) moduli.push_back(product(factors[i], factors[i + 1]));
    const Pairs before = shared(moduli); // rough numbers may share a prime above 1000
    moduli[41] = product(factors[2 * 17], prime(1024));
    const Pairs after = shared(moduli);
    CHECK(before.size() < 40);
    CHECK(std::any_of(after.begin(), after.end(), [](const auto& found) { return found.first == 41; }));
    CHECK(std::any_of(after.begin(), after.end(), [](const auto& found) { return found.first == 17; }));
}

TEST_CASE("audit/weak-keys: large products are those of OpenSSL") {
    Multiplier multiplier;
    const openssl::BignumContext context(BN_CTX_new());
    for (const std::size_t size : {1u, 256u, 257u, 300u, 700u, 2100u}) {
        for (const bool ones : {false, true}) { // all ones: every carry that there is
            const auto octets = [&](std::size_t count) {
                return ones ? std::string(count, '\xff') : random_octets(count);
            };
            const auto words = [](const std::string& text) {
                Words out(text.size() / 8, 0);
                for (std::size_t i = 0; i < text.size(); ++i)
                    out[(text.size() - 1 - i) / 8] |= std::uint64_t{static_cast<unsigned char>(text[i])}
                                                      << ((text.size() - 1 - i) % 8 * 8);
                return out;
            };
            const std::string a = octets(8 * size), b = octets(8 * (size / 2 + 1));
            const Words found = multiplier.product(words(a), words(b));
            const Bignum expected(BN_new()), left = openssl::bignum(a), right = openssl::bignum(b);
            BN_mul(expected.get(), left.get(), right.get(), context.get());
            std::string text = octets_of(expected);
            text.insert(0, (8 - text.size() % 8) % 8, '\0');
            CHECK(found == words(text));
        }
    }
}

TEST_CASE("audit/weak-keys: primes that are too close are found by Fermat's method (KEY-04)") {
    const Bignum p = prime(1024);
    Bignum q(BN_dup(p.get()));
    CHECK(fermat_close(product(p, p)));
    BN_add_word(q.get(), 2);
    CHECK(fermat_close(product(p, q)));
    // The mean of p and p + 2d is above the root by d^2 / 2p: the distance may be large.
    for (const int bits : {100, 500, 519}) {
        Bignum far(BN_new());
        BN_set_bit(far.get(), bits);
        BN_add(far.get(), far.get(), p.get());
        CHECK(fermat_close(product(p, far)));
    }
}

TEST_CASE("audit/weak-keys: primes at a distance are beyond Fermat's method (KEY-04)") {
    const Bignum p = prime(1024);
    for (const int bits : {525, 600, 1000}) { // 2^(2 bits - 3) / p is beyond 2^16
        Bignum far(BN_new());
        BN_set_bit(far.get(), bits);
        BN_add(far.get(), far.get(), p.get());
        CHECK_FALSE(fermat_close(product(p, far)));
    }
    for (int i = 0; i < 3; ++i) CHECK_FALSE(fermat_close(product(prime(1024), prime(1024))));
    for (int i = 0; i < 3; ++i)
        CHECK_FALSE(fermat_close(PrivateKey::generate(KeyType::rsa).value().public_key().numbers().n));
}

TEST_CASE("audit/weak-keys: what is no modulus has no close primes (KEY-04)") {
    for (const std::uint64_t value : {0u, 1u, 3u, 7u, 65537u}) CHECK_FALSE(fermat_close(number(value)));
    CHECK_FALSE(fermat_close(""));
    CHECK(fermat_close(number(15)));
    CHECK(fermat_close(number(65537ull * 65539)));
}

TEST_CASE("audit/weak-keys: secrets that people made up are found (KEY-06)") {
    for (const char* secret :
         {"secret", "password", "changeme", "keyboard cat", "super-secret", "your-256-bit-secret", "P@ssw0rd",
          "jwt_secret_key", "s3cr3t", "MySuperSecretKeyThatIsVeryLong!!", "a-string-secret-at-least-256-bits-long",
          "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long", "signature_hmac_secret_shared_key",
          "correct horse battery staple and a few others", "the quick brown fox jumps over the lazy dog",
          "please-change-this-in-production", "secret123", "thisisaverysecuresecretkeyforjwtsigning"}) {
        CAPTURE(secret);
        CHECK(weakness(secret) == kWords);
        CHECK(weakness(secret + std::string("\n")) == kWords);
        CHECK(weakness(base64_encode(secret)) == kWords);
        CHECK(weakness(base64url_encode(secret)) == kWords);
        CHECK(weakness(hex(secret)) == kWords);
        CHECK(weakness(base64_encode(hex(secret))) == kWords);
    }
}

TEST_CASE("audit/weak-keys: repetitions and sequences are found (KEY-06)") {
    std::string sequence;
    for (int i = 0; i < 32; ++i) sequence += static_cast<char>(i);
    for (const std::string& secret :
         {std::string(32, '\0'), std::string(40, 'x'), sequence, std::string("12345678901234567890123456789012"),
          std::string("abababababababababababababababab"),
          std::string("\0\1\1\0\1\0\0\1\0\1\1\0\0\1\1\0", 16) + sequence.substr(0, 2) +
              std::string("\0\1\1\0\1\0\0\1\0\1\1\0\0\1\1\0", 16),
          sha256("x").substr(0, 20) + sha256("x").substr(0, 20)}) {
        CAPTURE(hex(secret));
        CHECK(weakness(secret) == kRepetition);
        CHECK(weakness(base64_encode(secret)) == kRepetition);
        CHECK(weakness(hex(secret)) == kRepetition);
    }
    CHECK_FALSE(weakness(sha256("x") + sha256("x"))); // twice a secret that is long enough
    CHECK(weakness(sha256("x") + sha256("x"), Algorithm::HS512) == kRepetition);
}

TEST_CASE("audit/weak-keys: a secret is as long as the hash at least (KEY-06)") {
    const std::string octets = sha256("a") + sha256("b");
    CHECK(weakness(octets.substr(0, 31)) == kTooShort);
    CHECK_FALSE(weakness(octets.substr(0, 32)));
    CHECK(weakness(octets.substr(0, 47), Algorithm::HS384) == kTooShort);
    CHECK_FALSE(weakness(octets.substr(0, 48), Algorithm::HS384));
    CHECK(weakness(octets.substr(0, 63), Algorithm::HS512) == kTooShort);
    CHECK_FALSE(weakness(octets, Algorithm::HS512));
    CHECK(weakness(octets.substr(0, 20) + std::string(12, '\0')) == kTooShort); // HMAC pads with zeros itself
    CHECK_FALSE(weakness(octets.substr(0, 30) + std::string(2, '\0')));         // may be chance
    CHECK(weakness("") == kTooShort);
}

TEST_CASE("audit/weak-keys: random secrets are not weak, printable or not, however they are written (KEY-06)") {
    const auto printable = [](std::size_t size) { // as password generators make them
        std::string out;
        while (out.size() < size) {
            const char c = random_octets(1)[0];
            if (c > ' ' && c <= '~') out += c;
        }
        return out;
    };
    for (int i = 0; i < 100; ++i) {
        const std::string octets = random_octets(32);
        CHECK_FALSE(weakness(octets));
        CHECK_FALSE(weakness(hex(octets)));
        CHECK_FALSE(weakness(base64_encode(octets)));
        CHECK_FALSE(weakness(base64url_encode(octets)));
        CHECK_FALSE(weakness(base64_encode(hex(octets)) + "\n"));
        CHECK_FALSE(weakness(printable(32)));
        CHECK_FALSE(weakness(base64url_encode(random_octets(24)))); // 32 letters and digits
        // Printable text in random octets does not make them text.
        CHECK_FALSE(weakness(octets.substr(0, 26) + "secret"));
        CHECK_FALSE(weakness("password" + octets.substr(0, 23) + '\x80'));
    }
    for (const char* secret : {"550e8400-e29b-41d4-a716-446655440000", "bLoK5yaK9XGmEfcEk9dV1cxDWLoAdQg9",
                               "p2H(++:$j*xKfKvK6n5k=},@@]CWkbj7d0iQ%6/;0}x6?[wNWR,$=0/HHx*&pJAq"}) {
        CAPTURE(secret);
        CHECK_FALSE(weakness(secret));
    }
}
