#include "jwtdomain/scan/anchor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <utility>

#include "jwtdomain/scan/anchor_table.h"
#endif

namespace jwtdomain::scan {

#if defined(__x86_64__)
namespace {

// The tables as the processor wants them: each 16 octets twice.
struct LoadedTables {
    __m256i low[kSelectors.size()], high[kSelectors.size()];
};

__attribute__((target("avx2"))) inline __m256i twice(const std::array<std::uint8_t, 16>& row) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(row.data())));
}

__attribute__((target("avx2"))) inline __m256i load_at(const char* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

// Where an anchor of table T may begin among the 32 octets of the first; the others are those from one and two further.
template <std::size_t T> __attribute__((target("avx2"), always_inline)) inline __m256i
hits_of(__m256i first, __m256i second, __m256i third, const LoadedTables& tables) {
    constexpr unsigned kSelector = kSelectors[T];
    const __m256i keys = kSelector == 0 ? first : kSelector == 1 ? second : third;
    const __m256i a = _mm256_cmpeq_epi8(kSelector == 0 ? second : first, _mm256_shuffle_epi8(tables.low[T], keys));
    const __m256i b = _mm256_cmpeq_epi8(kSelector == 2 ? second : third, _mm256_shuffle_epi8(tables.high[T], keys));
    return _mm256_and_si256(a, b);
}

// Of all tables, among the 32 octets from `p`; reads two more. Written out: a loop over the tables would be one.
template <std::size_t... T> __attribute__((target("avx2"), always_inline)) inline __m256i
hits_at(const char* p, const LoadedTables& tables, std::index_sequence<T...>) {
    const __m256i first = load_at(p), second = load_at(p + 1), third = load_at(p + 2);
    __m256i any = _mm256_setzero_si256();
    ((any = _mm256_or_si256(any, hits_of<T>(first, second, third, tables))), ...);
    return any;
}

__attribute__((target("avx2"))) std::size_t find_anchor_avx2(std::string_view text, std::size_t from) {
    constexpr std::size_t kBranch = 128, kReach = 2; // octets a branch; octets that the last anchor of them has beyond
    constexpr auto kAllTables = std::make_index_sequence<kSelectors.size()>();
    LoadedTables tables;
    for (std::size_t t = 0; t < kSelectors.size(); ++t) {
        tables.low[t] = twice(kAnchorTables.low[t]);
        tables.high[t] = twice(kAnchorTables.high[t]);
    }
    const char* const data = text.data();
    std::size_t at = from;
    for (; at + kBranch + kReach <= text.size(); at += kBranch) {
        __m256i hits[4];
        for (std::size_t i = 0; i < 4; ++i) hits[i] = hits_at(data + at + 32 * i, tables, kAllTables);
        const __m256i any = _mm256_or_si256(_mm256_or_si256(hits[0], hits[1]), _mm256_or_si256(hits[2], hits[3]));
        if (_mm256_testz_si256(any, any)) continue;
        for (std::size_t i = 0; i < 4; ++i) {
            // A shuffle gives zero for an octet over 127, and one table cares for three octets of four: look closely.
            for (auto mask = static_cast<unsigned>(_mm256_movemask_epi8(hits[i])); mask != 0; mask &= mask - 1) {
                const std::size_t found = at + 32 * i + static_cast<unsigned>(__builtin_ctz(mask));
                if (anchor_at(text.substr(found, 3))) return found;
            }
        }
    }
    return find_anchor_portable(text, at);
}

} // namespace

AnchorKernel anchor_kernel_avx2() { return __builtin_cpu_supports("avx2") ? find_anchor_avx2 : nullptr; }
#else
AnchorKernel anchor_kernel_avx2() { return nullptr; }
#endif

} // namespace jwtdomain::scan
