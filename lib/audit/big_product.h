// Products of numbers of millions of bits, for the trees of shared_factors(). OpenSSL multiplies such numbers by
// Karatsuba's method: seconds where a number-theoretic transform takes tenths.
// Internal: not installed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace jwtdomain::audit {

// A natural number, the least significant word first. Zeros at the end do not matter.
using Words = std::vector<std::uint64_t>;

void drop_leading_zeros(Words& number);
Words sum(const Words& a, const Words& b);

// Holds the roots of unity that were used so far; not for use by two threads at once.
class Multiplier {
public:
    Words product(const Words& a, const Words& b);
    // The low `words` words of the product, just so many.
    Words low_product(const Words& a, const Words& b, std::size_t words);

private:
    void prepare(std::size_t length);
    Words transformed_product(const Words& a, const Words& b);
    std::vector<std::uint64_t> roots_; // roots_[h + j] is the j-th power of a primitive 2h-th root of unity
};

} // namespace jwtdomain::audit
