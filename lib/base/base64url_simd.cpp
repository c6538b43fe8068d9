#include "jwtdomain/base/base64url_simd.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace jwtdomain {

#if defined(__x86_64__)
namespace {

constexpr std::size_t kStep = 32, kStore = 32; // a store writes 24 octets and 8 that the next one overwrites

// All octets from `low` to `high` as 0xff. Octets above 127 are negative, so they are in no range.
__attribute__((target("avx2"))) inline __m256i in_range(__m256i text, char low, char high) {
    return _mm256_and_si256(_mm256_cmpgt_epi8(text, _mm256_set1_epi8(static_cast<char>(low - 1))),
                            _mm256_cmpgt_epi8(_mm256_set1_epi8(static_cast<char>(high + 1)), text));
}

__attribute__((target("avx2"))) std::size_t decode_avx2(const unsigned char* from, std::size_t size, char* to,
                                                        std::size_t room) {
    std::size_t taken = 0;
    while (size - taken >= kStep && room >= kStore) {
        const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + taken));
        const __m256i upper = in_range(text, 'A', 'Z'), lower = in_range(text, 'a', 'z'),
                      digit = in_range(text, '0', '9');
        const __m256i dash = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('-')),
                      bar = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('_'));
        const __m256i known =
            _mm256_or_si256(_mm256_or_si256(upper, lower), _mm256_or_si256(digit, _mm256_or_si256(dash, bar)));
        if (_mm256_movemask_epi8(known) != -1) break;
        __m256i shift = _mm256_and_si256(upper, _mm256_set1_epi8(-65));
        shift = _mm256_or_si256(shift, _mm256_and_si256(lower, _mm256_set1_epi8(-71)));
        shift = _mm256_or_si256(shift, _mm256_and_si256(digit, _mm256_set1_epi8(4)));
        shift = _mm256_or_si256(shift, _mm256_and_si256(dash, _mm256_set1_epi8(17)));
        shift = _mm256_or_si256(shift, _mm256_and_si256(bar, _mm256_set1_epi8(-32)));
        const __m256i sextets = _mm256_add_epi8(text, shift);
        const __m256i pairs = _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x01400140)); // 12 bits in each 16
        const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));     // 24 bits in each 32
        const __m256i packed =
            _mm256_shuffle_epi8(groups, _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1, 2, 1,
                                                         0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
        const __m256i octets = _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), octets);
        taken += kStep;
        to += 24;
        room -= 24;
    }
    return taken;
}

} // namespace

Base64Kernel base64url_kernel() {
    static const Base64Kernel kernel = __builtin_cpu_supports("avx2") ? decode_avx2 : nullptr;
    return kernel;
}
#else
Base64Kernel base64url_kernel() { return nullptr; }
#endif

} // namespace jwtdomain
