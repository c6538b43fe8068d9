#include "jwtdomain/audit/big_product.h"

#include <algorithm>
#include <bit>

namespace jwtdomain::audit {
namespace {

__extension__ using Wide = unsigned __int128;

// Arithmetic modulo the prime 2^64 - 2^32 + 1, which has roots of unity of every order 2^k up to 2^32. All values are
// below it.
constexpr std::uint64_t kPrime = 0xffffffff00000001;
constexpr std::uint64_t kGenerator = 7;
constexpr std::uint64_t kTwo64 = 0xffffffff; // 2^64 modulo the prime

// Without branches: which way they go is random, so that a processor guesses every other one wrong.
std::uint64_t if_true(bool condition, std::uint64_t value) { return value & (0 - std::uint64_t{condition}); }

std::uint64_t add(std::uint64_t a, std::uint64_t b) {
    const std::uint64_t out = a + b;
    return out - if_true((out < a) | (out >= kPrime), kPrime);
}

std::uint64_t subtract(std::uint64_t a, std::uint64_t b) { return a - b + if_true(a < b, kPrime); }

// With x = low + 2^64 (middle + 2^32 high): 2^64 is 2^32 - 1 and 2^96 is -1.
std::uint64_t reduce(Wide x) {
    const auto low = static_cast<std::uint64_t>(x);
    const auto upper = static_cast<std::uint64_t>(x >> 64);
    const std::uint64_t high = upper >> 32, middle = (upper & 0xffffffff) * kTwo64;
    std::uint64_t out = low - high - if_true(low < high, kTwo64) + middle;
    out += if_true(out < middle, kTwo64);
    return out - if_true(out >= kPrime, kPrime);
}

std::uint64_t multiply(std::uint64_t a, std::uint64_t b) { return reduce(Wide{a} * b); }

std::uint64_t power(std::uint64_t base, std::uint64_t exponent) {
    std::uint64_t out = 1;
    for (; exponent > 0; exponent >>= 1, base = multiply(base, base)) {
        if (exponent & 1) out = multiply(out, base);
    }
    return out;
}

// One pass over `length` values: the sums of the halves, and their differences times the roots.
void forward_pass(std::uint64_t* values, std::size_t half, const std::uint64_t* roots) {
    for (std::size_t i = 0; i < half; ++i) {
        const std::uint64_t a = values[i], b = values[i + half];
        values[i] = add(a, b);
        values[i + half] = multiply(subtract(a, b), roots[half + i]);
    }
}

void backward_pass(std::uint64_t* values, std::size_t half, const std::uint64_t* roots) {
    for (std::size_t i = 0; i < half; ++i) {
        const std::uint64_t a = values[i], b = multiply(values[i + half], roots[half + i]);
        values[i] = add(a, b);
        values[i + half] = subtract(a, b);
    }
}

// The last passes have one root, 1.
void pass_of_pairs(std::uint64_t* values, std::size_t length) {
    for (std::size_t i = 0; i < length; i += 2) {
        const std::uint64_t a = values[i], b = values[i + 1];
        values[i] = add(a, b);
        values[i + 1] = subtract(a, b);
    }
}

constexpr std::size_t kCached = 4096; // values that fit the fastest cache with their roots

// Depth first, so that all but the first few passes work within the caches. The order of the values after `forward` is
// the one that `backward` takes.
void forward(std::uint64_t* values, std::size_t length, const std::uint64_t* roots) {
    if (length > kCached) {
        forward_pass(values, length / 2, roots);
        forward(values, length / 2, roots);
        forward(values + length / 2, length / 2, roots);
        return;
    }
    for (std::size_t half = length / 2; half > 1; half /= 2) {
        for (std::size_t at = 0; at < length; at += 2 * half) forward_pass(values + at, half, roots);
    }
    pass_of_pairs(values, length);
}

// The inverse, but for the factor `length` and for the order: value i comes to stand at -i, modulo the length.
void backward(std::uint64_t* values, std::size_t length, const std::uint64_t* roots) {
    if (length > kCached) {
        backward(values, length / 2, roots);
        backward(values + length / 2, length / 2, roots);
        backward_pass(values, length / 2, roots);
        return;
    }
    pass_of_pairs(values, length);
    for (std::size_t half = 2; half < length; half *= 2) {
        for (std::size_t at = 0; at < length; at += 2 * half) backward_pass(values + at, half, roots);
    }
}

// Digits so small that the sum of `length` products of two stays below the prime.
unsigned digit_bits(std::size_t length) { return (63 - static_cast<unsigned>(std::bit_width(length))) / 2; }

std::size_t digits_of(const Words& number, unsigned bits) { return (number.size() * 64 + bits - 1) / bits; }

void split(const Words& number, unsigned bits, std::vector<std::uint64_t>& digits) {
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    const std::size_t count = digits_of(number, bits);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t word = i * bits / 64;
        const unsigned shift = static_cast<unsigned>(i * bits % 64);
        std::uint64_t digit = number[word] >> shift;
        if (shift + bits > 64 && word + 1 < number.size()) digit |= number[word + 1] << (64 - shift);
        digits[i] = digit & mask;
    }
}

Words schoolbook(const Words& a, const Words& b) {
    Words out(a.size() + b.size(), 0);
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const Wide next = Wide{a[i]} * b[j] + out[i + j] + carry;
            out[i + j] = static_cast<std::uint64_t>(next);
            carry = static_cast<std::uint64_t>(next >> 64);
        }
        out[i + b.size()] = carry;
    }
    return out;
}

constexpr std::size_t kSchoolbookWords = 256; // of the shorter factor; above it the transform is faster

} // namespace

void drop_leading_zeros(Words& number) {
    while (!number.empty() && number.back() == 0) number.pop_back();
}

Words sum(const Words& a, const Words& b) {
    const Words& shorter = a.size() < b.size() ? a : b;
    Words out = a.size() < b.size() ? b : a;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < out.size() && (i < shorter.size() || carry > 0); ++i) {
        const Wide next = Wide{out[i]} + (i < shorter.size() ? shorter[i] : 0) + carry;
        out[i] = static_cast<std::uint64_t>(next);
        carry = static_cast<std::uint64_t>(next >> 64);
    }
    if (carry > 0) out.push_back(carry);
    return out;
}

void Multiplier::prepare(std::size_t length) {
    if (roots_.size() < 2) roots_ = {0, 1};
    for (std::size_t half = roots_.size(); half < length; half *= 2) {
        const std::uint64_t root = power(kGenerator, (kPrime - 1) / (2 * half));
        roots_.resize(2 * half);
        std::uint64_t next = 1;
        for (std::size_t i = 0; i < half; ++i, next = multiply(next, root)) roots_[half + i] = next;
    }
}

Words Multiplier::transformed_product(const Words& a, const Words& b) {
    std::size_t length = 2;
    while (digits_of(a, digit_bits(length)) + digits_of(b, digit_bits(length)) > length) length *= 2;
    const unsigned bits = digit_bits(length);
    prepare(length);
    std::vector<std::uint64_t> left(length, 0), right(length, 0);
    split(a, bits, left);
    split(b, bits, right);
    forward(left.data(), length, roots_.data());
    forward(right.data(), length, roots_.data());
    const std::uint64_t scale = power(length, kPrime - 2);
    for (std::size_t i = 0; i < length; ++i) left[i] = multiply(multiply(left[i], right[i]), scale);
    backward(left.data(), length, roots_.data());
    std::reverse(left.begin() + 1, left.end());

    Words out(a.size() + b.size() + 2, 0); // room for the last digit to reach beyond the product
    Wide pending = 0;                      // what is carried, and the bits that do not fill a word yet
    unsigned filled = 0;
    std::size_t word = 0;
    for (std::size_t i = 0; i < length && word < out.size(); ++i) {
        pending += Wide{left[i]} << filled;
        filled += bits;
        if (filled < 64) continue;
        out[word++] = static_cast<std::uint64_t>(pending);
        pending >>= 64;
        filled -= 64;
    }
    if (word < out.size()) out[word] = static_cast<std::uint64_t>(pending);
    return out;
}

Words Multiplier::product(const Words& a, const Words& b) {
    Words out = std::min(a.size(), b.size()) <= kSchoolbookWords ? schoolbook(a, b) : transformed_product(a, b);
    drop_leading_zeros(out);
    return out;
}

Words Multiplier::low_product(const Words& a, const Words& b, std::size_t words) {
    Words out = product(a, b);
    out.resize(words, 0);
    return out;
}

} // namespace jwtdomain::audit
