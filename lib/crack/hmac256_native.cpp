#include "jwtdomain/crack/hmac256.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <utility>

// The latency of sha256rnds2 is four times what it costs: four independent streams hide it. Functions are inlined by
// force, so that what is indexed by constants stays in registers.
#define JWTDOMAIN_SHA __attribute__((target("sha,sse4.1,ssse3")))
#define JWTDOMAIN_SHA_INLINE JWTDOMAIN_SHA __attribute__((always_inline)) inline

namespace jwtdomain::crack {
namespace {

// In the order of the instructions: A B E F and C D G H, the first in the highest lane.
struct Streams {
    __m128i abef[kLanes], cdgh[kLanes];
};
using Words = __m128i[kLanes][4];
using Lanes = std::make_index_sequence<kLanes>;

constexpr int kUpper = 0x0e, kReversed = 0x1b;

JWTDOMAIN_SHA_INLINE __m128i load(const void* from) { return _mm_load_si128(static_cast<const __m128i*>(from)); }

template <std::size_t... L>
JWTDOMAIN_SHA_INLINE void store(std::uint32_t (&to)[kLanes][8], const Streams& from, std::index_sequence<L...>) {
    ((_mm_store_si128(reinterpret_cast<__m128i*>(to[L]), from.abef[L]),
      _mm_store_si128(reinterpret_cast<__m128i*>(to[L] + 4), from.cdgh[L])),
     ...);
}

template <std::size_t... L>
JWTDOMAIN_SHA_INLINE void load(Streams& to, const std::uint32_t (&from)[kLanes][8], std::index_sequence<L...>) {
    ((to.abef[L] = load(from[L]), to.cdgh[L] = load(from[L] + 4)), ...);
}

template <std::size_t... L>
JWTDOMAIN_SHA_INLINE void add(Streams& to, const std::uint32_t (&before)[kLanes][8], std::index_sequence<L...>) {
    ((to.abef[L] = _mm_add_epi32(to.abef[L], load(before[L])),
      to.cdgh[L] = _mm_add_epi32(to.cdgh[L], load(before[L] + 4))),
     ...);
}

// Four rounds of a block that is the same in all streams, its words expanded before.
template <std::size_t... L>
JWTDOMAIN_SHA_INLINE void shared_rounds(Streams& s, __m128i words, std::index_sequence<L...>) {
    const __m128i upper = _mm_shuffle_epi32(words, kUpper);
    ((s.cdgh[L] = _mm_sha256rnds2_epu32(s.cdgh[L], s.abef[L], words)), ...);
    ((s.abef[L] = _mm_sha256rnds2_epu32(s.abef[L], s.cdgh[L], upper)), ...);
}

template <std::size_t... Group>
JWTDOMAIN_SHA_INLINE void shared_block(Streams& s, const std::uint32_t* schedule, std::index_sequence<Group...>) {
    (shared_rounds(s, _mm_loadu_si128(reinterpret_cast<const __m128i*>(schedule + 4 * Group)), Lanes()), ...);
}

// Four rounds of one stream; its words 4 * Group and on come to be where those of sixteen rounds before were.
template <std::size_t Group> JWTDOMAIN_SHA_INLINE void own_rounds(__m128i& abef, __m128i& cdgh, __m128i (&w)[4]) {
    __m128i& now = w[Group % 4];
    if constexpr (Group >= 4) {
        const __m128i last = w[(Group + 3) % 4];
        const __m128i seventh = _mm_alignr_epi8(last, w[(Group + 2) % 4], 4);
        now = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(now, w[(Group + 1) % 4]), seventh), last);
    }
    const __m128i words = _mm_add_epi32(now, load(kRounds256.data() + 4 * Group));
    cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
    abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, kUpper));
}

template <std::size_t Group, std::size_t... L>
JWTDOMAIN_SHA_INLINE void own_rounds(Streams& s, Words& words, std::index_sequence<L...>) {
    (own_rounds<Group>(s.abef[L], s.cdgh[L], words[L]), ...);
}

// A block of its own for each stream.
template <std::size_t... Group>
JWTDOMAIN_SHA_INLINE void own_blocks(Streams& s, Words& words, std::index_sequence<Group...>) {
    (own_rounds<Group>(s, words, Lanes()), ...);
}

using Groups = std::make_index_sequence<16>;

alignas(16) constexpr std::uint32_t kStart[8] = { // FIPS 180-4 section 5.3.3, in the order above
    0x9b05688c, 0x510e527f, 0xbb67ae85, 0x6a09e667, 0x5be0cd19, 0x1f83d9ab, 0xa54ff53a, 0x3c6ef372};

JWTDOMAIN_SHA_INLINE void masked(const unsigned char* secret, char mask, __m128i (&out)[4]) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203), every = _mm_set1_epi8(mask);
    out[0] = _mm_xor_si128(_mm_shuffle_epi8(load(secret), swap), every);
    out[1] = _mm_xor_si128(_mm_shuffle_epi8(load(secret + 16), swap), every);
    out[2] = _mm_xor_si128(_mm_shuffle_epi8(load(secret + 32), swap), every);
    out[3] = _mm_xor_si128(_mm_shuffle_epi8(load(secret + 48), swap), every);
}

template <std::size_t... L> JWTDOMAIN_SHA_INLINE void
absorb_lanes(const Secrets256& secrets, char mask, std::uint32_t (&out)[kLanes][8], std::index_sequence<L...>) {
    Words words;
    Streams s;
    (masked(secrets.octets[L], mask, words[L]), ...);
    ((s.abef[L] = load(kStart), s.cdgh[L] = load(kStart + 4)), ...);
    own_blocks(s, words, Groups());
    ((s.abef[L] = _mm_add_epi32(s.abef[L], load(kStart)), s.cdgh[L] = _mm_add_epi32(s.cdgh[L], load(kStart + 4))), ...);
    store(out, s, Lanes());
}

JWTDOMAIN_SHA void prepare_natively(const Secrets256& secrets, Pads256& out) {
    absorb_lanes(secrets, 0x36, out.inner, Lanes());
    absorb_lanes(secrets, 0x5c, out.outer, Lanes());
}

// The result of the inner hash as the message of the outer one.
JWTDOMAIN_SHA_INLINE void as_message(__m128i abef, __m128i cdgh, __m128i (&out)[4]) {
    const __m128i left = _mm_shuffle_epi32(abef, kReversed), right = _mm_shuffle_epi32(cdgh, kReversed);
    out[0] = _mm_unpacklo_epi64(left, right);
    out[1] = _mm_unpackhi_epi64(left, right);
    out[2] = _mm_set_epi64x(0, 0x80000000);
    out[3] = _mm_set_epi64x(static_cast<long long>((kBlock256 + 32) * 8) << 32, 0);
}

template <std::size_t... L> JWTDOMAIN_SHA_INLINE void
finish(Streams& s, const Pads256& pads, std::array<std::uint32_t, kLanes>& out, std::index_sequence<L...>) {
    Words words;
    (as_message(s.abef[L], s.cdgh[L], words[L]), ...);
    load(s, pads.outer, Lanes());
    own_blocks(s, words, Groups());
    ((out[L] = static_cast<std::uint32_t>(_mm_extract_epi32(s.abef[L], 3)) + pads.outer[L][3]), ...);
}

JWTDOMAIN_SHA void first_words_natively(const Pads256& pads, const Message256& message,
                                        std::array<std::uint32_t, kLanes>& out) {
    Streams s;
    load(s, pads.inner, Lanes());
    for (std::size_t block = 0; block < message.blocks; ++block) {
        alignas(16) std::uint32_t before[kLanes][8];
        store(before, s, Lanes());
        shared_block(s, message.schedule.data() + 64 * block, Groups());
        add(s, before, Lanes());
    }
    finish(s, pads, out, Lanes());
}

constexpr Kernel256 kNative{prepare_natively, first_words_natively};

bool has_sha() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (b & bit_SHA) == 0) return false;
    return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_SSE4_1) != 0 && (c & bit_SSSE3) != 0;
}

} // namespace

const Kernel256* native_kernel256() {
    static const bool kHas = has_sha();
    return kHas ? &kNative : nullptr;
}

} // namespace jwtdomain::crack

#else

namespace jwtdomain::crack {

const Kernel256* native_kernel256() { return nullptr; }

} // namespace jwtdomain::crack

#endif
