#include "jwtdomain/scan/alphabet.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace jwtdomain::scan {
namespace {

std::size_t end_of_run_portable(std::string_view text, std::size_t from) {
    while (from < text.size() && is_url_character(text[from])) ++from;
    return from;
}

std::size_t count_newlines_portable(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += c == '\n';
    return count;
}

#if defined(__x86_64__)
// All octets from `low` to `high` as 0xff. Octets over 127 are negative, so they are in no range.
__attribute__((target("avx2"))) inline __m256i octets_between(__m256i text, char low, char high) {
    return _mm256_and_si256(_mm256_cmpgt_epi8(text, _mm256_set1_epi8(static_cast<char>(low - 1))),
                            _mm256_cmpgt_epi8(_mm256_set1_epi8(static_cast<char>(high + 1)), text));
}

__attribute__((target("avx2"))) std::size_t end_of_run_avx2(std::string_view text, std::size_t from) {
    for (; text.size() - from >= 32; from += 32) {
        const __m256i octets = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + from));
        const __m256i letters = octets_between(_mm256_or_si256(octets, _mm256_set1_epi8(0x20)), 'a', 'z');
        const __m256i marks = _mm256_or_si256(_mm256_cmpeq_epi8(octets, _mm256_set1_epi8('-')),
                                              _mm256_cmpeq_epi8(octets, _mm256_set1_epi8('_')));
        const __m256i known = _mm256_or_si256(_mm256_or_si256(letters, octets_between(octets, '0', '9')), marks);
        const auto others = ~static_cast<unsigned>(_mm256_movemask_epi8(known));
        if (others != 0) return from + static_cast<unsigned>(__builtin_ctz(others));
    }
    return end_of_run_portable(text, from);
}

__attribute__((target("avx2"))) std::size_t count_newlines_avx2(std::string_view text) {
    std::size_t count = 0, at = 0;
    const __m256i newline = _mm256_set1_epi8('\n'), zero = _mm256_setzero_si256();
    while (text.size() - at >= 32) {
        __m256i sums = zero; // of each octet's place; one below zero for each newline
        for (int i = 0; i < 255 && text.size() - at >= 32; ++i, at += 32) {
            const __m256i octets = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
            sums = _mm256_sub_epi8(sums, _mm256_cmpeq_epi8(octets, newline));
        }
        alignas(32) std::uint64_t four[4];
        _mm256_store_si256(reinterpret_cast<__m256i*>(four), _mm256_sad_epu8(sums, zero));
        count += four[0] + four[1] + four[2] + four[3];
    }
    return count + count_newlines_portable(text.substr(at));
}

bool has_avx2() {
    static const bool has = __builtin_cpu_supports("avx2") != 0;
    return has;
}
#endif

} // namespace

std::size_t end_of_run(std::string_view text, std::size_t from) {
#if defined(__x86_64__)
    if (has_avx2()) return end_of_run_avx2(text, from);
#endif
    return end_of_run_portable(text, from);
}

std::size_t count_newlines(std::string_view text) {
#if defined(__x86_64__)
    if (has_avx2()) return count_newlines_avx2(text);
#endif
    return count_newlines_portable(text);
}

} // namespace jwtdomain::scan
