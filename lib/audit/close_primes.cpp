// Fermat's factorisation: n = a^2 - b^2 with a from the square root of n upward. Whether a^2 - n is a square is first
// asked modulo small primes, for 64 values of a at a time; the few that are left are asked exactly.
#include <array>
#include <cstdint>
#include <vector>

#include "jwtdomain/audit/weak_keys.h"
#include "jwtdomain/crypto/openssl.h"

namespace jwtdomain::audit {
namespace {

using openssl::Bignum;

constexpr unsigned kSteps = 1u << 16;
constexpr std::array<unsigned, 16> kPrimes{3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59};
using Candidates = std::array<std::uint64_t, kSteps / 64>;

// The largest number whose square is not above n, by Newton's iteration from above.
Bignum square_root(const Bignum& n, BN_CTX* context) {
    Bignum root(BN_new()), next(BN_new());
    BN_set_bit(root.get(), (BN_num_bits(n.get()) + 1) / 2);
    for (;;) {
        BN_div(next.get(), nullptr, n.get(), root.get(), context);
        BN_add(next.get(), next.get(), root.get());
        BN_rshift1(next.get(), next.get());
        if (BN_cmp(next.get(), root.get()) >= 0) return root;
        std::swap(root, next);
    }
}

// Strikes out the steps s where (a + s)^2 - n is no square modulo the prime. The pattern repeats after `prime` words.
void sieve(Candidates& candidates, unsigned prime, unsigned a, unsigned n) {
    std::array<bool, 64> square{}, fits{};
    for (unsigned i = 0; i < prime; ++i) square[i * i % prime] = true;
    for (unsigned i = 0; i < prime; ++i) fits[i] = square[((a + i) * (a + i) + prime - n) % prime];
    std::array<std::uint64_t, 64> pattern{};
    for (unsigned i = 0; i < 64 * prime; ++i) pattern[i / 64] |= std::uint64_t{fits[i % prime]} << (i % 64);
    for (std::size_t word = 0, at = 0; word < candidates.size(); ++word, at = at + 1 == prime ? 0 : at + 1)
        candidates[word] &= pattern[at];
}

unsigned residue(const Bignum& number, unsigned prime) {
    return static_cast<unsigned>(BN_mod_word(number.get(), prime));
}

// Whether a^2 - n is a square b^2 and a - b a proper factor of n.
bool splits(const Bignum& n, const Bignum& a, BN_CTX* context) {
    const Bignum rest(BN_new()), square(BN_new()), factor(BN_new());
    BN_sqr(rest.get(), a.get(), context);
    BN_sub(rest.get(), rest.get(), n.get());
    if (BN_is_negative(rest.get())) return false;
    if (BN_is_zero(rest.get())) return true;
    const Bignum root = square_root(rest, context);
    BN_sqr(square.get(), root.get(), context);
    BN_sub(factor.get(), a.get(), root.get());
    return BN_cmp(square.get(), rest.get()) == 0 && !BN_is_one(factor.get());
}

// Odd primes below 2^16, four to a word: one division of the modulus for four of them.
struct Products {
    BN_ULONG product = 1;
    std::array<unsigned, 4> primes{};
};

std::vector<Products> small_primes() {
    constexpr unsigned kEnd = 1u << 16;
    std::vector<bool> composite(kEnd);
    std::vector<Products> out;
    std::size_t in_last = 4;
    for (unsigned prime = 3; prime < kEnd; prime += 2) {
        if (composite[prime]) continue;
        for (unsigned long long multiple = 1ull * prime * prime; multiple < kEnd; multiple += prime)
            composite[static_cast<std::size_t>(multiple)] = true;
        if (in_last == 4) {
            out.emplace_back();
            in_last = 0;
        }
        out.back().product *= prime;
        out.back().primes[in_last++] = prime;
    }
    return out;
}

} // namespace

bool easily_factored(std::string_view modulus) {
    static const std::vector<Products> products = small_primes();
    const Bignum n = openssl::bignum(modulus);
    for (const Products& some : products) {
        const BN_ULONG rest = BN_mod_word(n.get(), some.product);
        for (const unsigned prime : some.primes) {
            if (prime != 0 && rest % prime == 0) return true;
        }
    }
    const openssl::BignumContext context(BN_CTX_new());
    return BN_check_prime(n.get(), context.get(), nullptr) == 1;
}

bool fermat_close(std::string_view modulus) {
    const Bignum n = openssl::bignum(modulus);
    if (BN_is_zero(n.get()) || BN_is_one(n.get())) return false;
    const openssl::BignumContext context(BN_CTX_new());
    const Bignum start = square_root(n, context.get()); // too small by one unless n is a square: one step more
    Candidates candidates;
    candidates.fill(~std::uint64_t{0});
    for (const unsigned prime : kPrimes) sieve(candidates, prime, residue(start, prime), residue(n, prime));
    for (unsigned step = 0; step < kSteps; ++step) {
        if ((candidates[step / 64] >> (step % 64) & 1) == 0) continue;
        const Bignum a(BN_dup(start.get()));
        BN_add_word(a.get(), step);
        if (splits(n, a, context.get())) return true;
    }
    return false;
}

} // namespace jwtdomain::audit
