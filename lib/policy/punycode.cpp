// Punycode, RFC 3492: the parameters and the decoder of its sections 5 and 6.2.
#include <cstdint>
#include <vector>

#include "jwtdomain/base/text.h"
#include "jwtdomain/policy/confusable.h"

namespace jwtdomain::policy {

namespace {

constexpr std::uint32_t kBase = 36, kMin = 1, kMax = 26, kSkew = 38, kDamp = 700;
constexpr std::uint32_t kLast = 0x10ffff;
constexpr std::size_t kLongest = 63; // octets of a DNS label

std::uint32_t digit_of(char c) {
    if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a');
    if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
    if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 26;
    return kBase;
}

std::uint32_t adapt(std::uint32_t delta, std::uint32_t count, bool first) {
    delta = first ? delta / kDamp : delta / 2;
    delta += delta / count;
    std::uint32_t k = 0;
    for (; delta > (kBase - kMin) * kMax / 2; k += kBase) delta /= kBase - kMin;
    return k + (kBase - kMin + 1) * delta / (delta + kSkew);
}

} // namespace

std::string decode_punycode(std::string_view label) {
    if (label.size() > kLongest) return {};
    std::vector<std::uint32_t> output;
    const std::size_t delimiter = label.rfind('-');
    std::size_t in = 0;
    if (delimiter != std::string_view::npos) {
        for (const char c : label.substr(0, delimiter)) output.push_back(static_cast<unsigned char>(c));
        in = delimiter + 1;
    }
    std::uint64_t n = 128, i = 0;
    std::uint32_t bias = 72;
    while (in < label.size()) {
        const std::uint64_t before = i;
        std::uint64_t weight = 1;
        for (std::uint32_t k = kBase;; k += kBase) {
            if (in == label.size()) return {};
            const std::uint32_t digit = digit_of(label[in++]);
            if (digit >= kBase) return {};
            i += digit * weight; // fits: a label has at most 63 digits, and i is held below 2^32 here
            if (i > 0xffffffffu) return {};
            const std::uint32_t threshold = k <= bias ? kMin : k >= bias + kMax ? kMax : k - bias;
            if (digit < threshold) break;
            weight *= kBase - threshold;
            if (weight > 0xffffffffu) return {};
        }
        const auto count = static_cast<std::uint32_t>(output.size() + 1);
        bias = adapt(static_cast<std::uint32_t>(i - before), count, before == 0);
        n += i / count;
        i %= count;
        if (n > kLast || (n >= 0xd800 && n < 0xe000)) return {};
        output.insert(output.begin() + static_cast<std::ptrdiff_t>(i), static_cast<std::uint32_t>(n));
        ++i;
    }
    std::string text;
    for (const std::uint32_t c : output) append_utf8(text, c);
    return text;
}

} // namespace jwtdomain::policy
