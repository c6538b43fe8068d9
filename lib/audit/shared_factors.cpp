// Batch GCD (Bernstein, "How to find smooth parts of integers") with a remainder tree over the 2-adic numbers, which
// needs no division.
//
// With P the product of all moduli n, the question for each is gcd(P / n, n). D, the sum of all P / n, is P / n modulo
// n for each n, and D / P goes down the tree: a node with the product M holds y = r / M as a 2-adic number, where r is
// D modulo M up to a power of 2, which no odd number shares a factor with. Its left child L wants r' / L with r = q L +
// r' 2^k, and y R = r / L, since M = L R: the low k bits of y R are q, and what is above them is r' / L. r' stays of
// the size of L, so that as many bits of y as L has (and a word for the sign) are all that is needed.
#include <algorithm>
#include <unordered_map>

#include <openssl/err.h>

#include "jwtdomain/audit/big_product.h"
#include "jwtdomain/audit/weak_keys.h"
#include "jwtdomain/crypto/openssl.h"

namespace jwtdomain::audit {
namespace {

using openssl::Bignum;

std::string_view without_leading_zeros(std::string_view number) {
    return number.substr(std::min(number.find_first_not_of('\0'), number.size()));
}

Words to_words(std::string_view big_endian) {
    Words out((big_endian.size() + 7) / 8, 0);
    for (std::size_t i = 0; i < big_endian.size(); ++i) {
        const auto octet = static_cast<unsigned char>(big_endian[big_endian.size() - 1 - i]);
        out[i / 8] |= std::uint64_t{octet} << (i % 8 * 8);
    }
    return out;
}

Bignum to_bignum(const Words& number) {
    std::string octets;
    for (std::size_t i = number.size(); i-- > 0;) {
        for (unsigned shift = 64; shift > 0; shift -= 8) octets += static_cast<char>(number[i] >> (shift - 8));
    }
    return openssl::bignum(octets);
}

// constant - number, modulo 2 to the bits of the number.
void subtract_from(std::uint64_t constant, Words& number) {
    std::uint64_t carry = constant + 1; // -x is ~x + 1
    for (std::uint64_t& word : number) {
        word = ~word + carry;
        carry = word < carry;
    }
}

// 1 / odd modulo 2 to the 64 `words`, by Newton's iteration: each step doubles the bits.
Words inverse(Multiplier& multiplier, const Words& odd, std::size_t words) {
    std::uint64_t start = odd[0]; // right in 3 bits
    for (int bits = 3; bits < 64; bits *= 2) start *= 2 - odd[0] * start;
    Words out{start};
    while (out.size() < words) {
        const std::size_t next = std::min(2 * out.size(), words);
        const Words low(odd.begin(), odd.begin() + static_cast<std::ptrdiff_t>(std::min(next, odd.size())));
        Words correction = multiplier.low_product(low, out, next);
        subtract_from(2, correction);
        out = multiplier.low_product(out, correction, next);
    }
    return out;
}

class RemainderTree {
public:
    // `moduli` are odd and above 1, and at least one.
    explicit RemainderTree(std::vector<Words> moduli) { levels_.push_back(std::move(moduli)); }

    // For each modulus n a number that has the same greatest common divisor with n as the product of the others has.
    std::vector<Words> cofactors() {
        std::vector<Words> fractions{fraction_of_root(sum_of_cofactors())};
        for (std::size_t level = levels_.size() - 1; level-- > 0;) fractions = descend(level, fractions);
        for (std::size_t i = 0; i < fractions.size(); ++i) {
            const Words& modulus = levels_[0][i];
            Words& rest = fractions[i];
            rest = multiplier_.low_product(rest, modulus, modulus.size() + 1);
            if (rest.back() >> 63 != 0) subtract_from(0, rest); // it is negative
        }
        return fractions;
    }

private:
    // Builds the levels above the moduli, and the sum of the products of all moduli but one.
    Words sum_of_cofactors() {
        std::vector<Words> sums(levels_[0].size(), Words{1});
        while (levels_.back().size() > 1) {
            const std::vector<Words>& below = levels_.back();
            std::vector<Words> products, next;
            for (std::size_t i = 0; i + 1 < below.size(); i += 2) {
                products.push_back(multiplier_.product(below[i], below[i + 1]));
                next.push_back(
                    sum(multiplier_.product(sums[i], below[i + 1]), multiplier_.product(sums[i + 1], below[i])));
            }
            if (below.size() % 2 != 0) { // no sibling: it is its own parent
                products.push_back(below.back());
                next.push_back(std::move(sums.back()));
            }
            levels_.push_back(std::move(products));
            sums = std::move(next);
        }
        return std::move(sums[0]);
    }

    Words fraction_of_root(const Words& numerator) {
        const Words& root = levels_.back()[0];
        return multiplier_.low_product(numerator, inverse(multiplier_, root, root.size() + 1), root.size() + 1);
    }

    std::vector<Words> descend(std::size_t level, std::vector<Words>& parents) {
        const std::vector<Words>& nodes = levels_[level];
        std::vector<Words> out(nodes.size());
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            Words& parent = parents[i / 2];
            const std::size_t sibling = i ^ 1;
            if (sibling >= nodes.size()) {
                out[i] = std::move(parent);
                continue;
            }
            const Words product = multiplier_.low_product(parent, nodes[sibling], parent.size());
            out[i].assign(product.end() - static_cast<std::ptrdiff_t>(nodes[i].size() + 1), product.end());
        }
        return out;
    }

    Multiplier multiplier_;
    std::vector<std::vector<Words>> levels_; // the moduli, the products of pairs of them, ..., the product of all
};

// Greatest common divisors with one modulus at a time.
class Divisors {
public:
    Divisors() : context_(BN_CTX_new()), scratch_(BN_new()) {}

    bool coprime(const Bignum& a, const Bignum& modulus) {
        if (BN_mod_inverse(scratch_.get(), a.get(), modulus.get(), context_.get()) != nullptr) return true;
        ERR_clear_error();
        return false;
    }

    std::string common(const Bignum& a, const Bignum& modulus) {
        BN_gcd(scratch_.get(), a.get(), modulus.get(), context_.get());
        std::string out(static_cast<std::size_t>(BN_num_bytes(scratch_.get())), '\0');
        BN_bn2bin(scratch_.get(), openssl::octets(out.data()));
        return out;
    }

    void multiply(Bignum& product, const Bignum& factor, const Bignum& modulus) {
        BN_mod_mul(product.get(), product.get(), factor.get(), modulus.get(), context_.get());
    }

private:
    openssl::BignumContext context_;
    Bignum scratch_;
};

// A modulus that shares a factor, and the product of those that it shares.
struct Affected {
    std::size_t index;
    Bignum modulus;
    std::string divisor;
    std::optional<std::size_t> other = {};
};

// Halves the candidates until one is left.
std::size_t find_partner(Divisors& divisors, const std::vector<Affected>& all, std::size_t of) {
    const Bignum& modulus = all[of].modulus;
    std::size_t begin = 0, end = all.size();
    while (end - begin > 1) {
        const std::size_t middle = begin + (end - begin) / 2;
        const Bignum product = openssl::bignum("\x01");
        Bignum rest(BN_dup(product.get()));
        for (std::size_t i = begin; i < middle; ++i) {
            if (i != of) divisors.multiply(rest, all[i].modulus, modulus);
        }
        (divisors.coprime(rest, modulus) ? begin : end) = middle;
    }
    return begin;
}

// Primes that junk is full of: numbers that are no product of two large primes share them with each other.
const std::vector<BN_ULONG>& small_primes() {
    static const std::vector<BN_ULONG> primes = [] {
        constexpr BN_ULONG kEnd = 4096;
        std::vector<BN_ULONG> out;
        for (BN_ULONG n = 3; n < kEnd; n += 2) {
            if (std::none_of(out.begin(), out.end(), [&](BN_ULONG prime) { return n % prime == 0; })) out.push_back(n);
        }
        return out;
    }();
    return primes;
}

// Numbers that divide the divisor: each small prime, and what is left without them.
std::vector<std::string> parts_of(const std::string& divisor) {
    std::vector<std::string> out;
    Bignum rest = openssl::bignum(divisor);
    for (const BN_ULONG prime : small_primes()) {
        if (BN_mod_word(rest.get(), prime) != 0) continue;
        out.push_back(std::to_string(prime) + " "); // no divisor ends in a space: it is odd
        while (BN_mod_word(rest.get(), prime) == 0) BN_div_word(rest.get(), prime);
    }
    if (BN_is_one(rest.get())) return out;
    std::string left(static_cast<std::size_t>(BN_num_bytes(rest.get())), '\0');
    BN_bn2bin(rest.get(), openssl::octets(left.data()));
    out.push_back(std::move(left));
    return out;
}

// Most have a part of their divisors in common. The rest shares several large primes with different moduli.
void find_partners(Divisors& divisors, std::vector<Affected>& all) {
    std::unordered_map<std::string, std::size_t> first;
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::string& part : parts_of(all[i].divisor)) {
            const auto [found, is_new] = first.try_emplace(std::move(part), i);
            if (is_new) continue;
            if (!all[i].other) all[i].other = found->second;
            if (!all[found->second].other) all[found->second].other = i;
        }
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].other) continue;
        const std::size_t other = find_partner(divisors, all, i);
        all[i].other = other;
        if (!all[other].other) all[other].other = i;
    }
}

std::vector<Affected> find_affected(Divisors& divisors, const std::vector<std::string_view>& distinct) {
    std::vector<Words> numbers;
    numbers.reserve(distinct.size());
    for (const std::string_view modulus : distinct) numbers.push_back(to_words(modulus));
    const std::vector<Words> cofactors = RemainderTree(std::move(numbers)).cofactors();
    std::vector<Affected> out;
    for (std::size_t i = 0; i < distinct.size(); ++i) {
        Bignum modulus = openssl::bignum(distinct[i]);
        const Bignum cofactor = to_bignum(cofactors[i]);
        if (divisors.coprime(cofactor, modulus)) continue;
        std::string divisor = divisors.common(cofactor, modulus);
        out.push_back({.index = i, .modulus = std::move(modulus), .divisor = std::move(divisor)});
    }
    return out;
}

bool is_odd_above_one(std::string_view number) {
    return !number.empty() && (number.back() & 1) != 0 && (number.size() > 1 || number[0] != 1);
}

} // namespace

std::vector<SharedFactor> shared_factors(std::span<const std::string> moduli) {
    std::unordered_map<std::string_view, std::size_t> index_of; // in `distinct`
    std::vector<std::string_view> distinct;
    std::vector<std::size_t> first; // where each of `distinct` is in `moduli`
    for (std::size_t i = 0; i < moduli.size(); ++i) {
        const std::string_view modulus = without_leading_zeros(moduli[i]);
        if (!is_odd_above_one(modulus) || !index_of.try_emplace(modulus, distinct.size()).second) continue;
        distinct.push_back(modulus);
        first.push_back(i);
    }
    if (distinct.size() < 2) return {};

    Divisors divisors;
    std::vector<Affected> affected = find_affected(divisors, distinct);
    find_partners(divisors, affected);
    std::vector<std::optional<std::size_t>> other(distinct.size());
    for (const Affected& one : affected) other[one.index] = first[affected[*one.other].index];

    std::vector<SharedFactor> out;
    for (std::size_t i = 0; i < moduli.size(); ++i) {
        const auto found = index_of.find(without_leading_zeros(moduli[i]));
        if (found == index_of.end() || !other[found->second]) continue;
        out.push_back({.modulus = i, .other = *other[found->second]});
    }
    return out;
}

} // namespace jwtdomain::audit
