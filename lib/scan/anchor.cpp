#include "jwtdomain/scan/anchor.h"

#include "jwtdomain/scan/anchor_table.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kBuckets = 256;

constexpr std::size_t bucket_of(unsigned char a, unsigned char b, unsigned char c) {
    return (a * 7u + b * 31u + c * 3u) % kBuckets;
}

// Anchors by a hash of their octets: a chain of indices, 0 at its end.
struct Buckets {
    std::array<std::uint8_t, kBuckets> first{};
    std::array<std::uint8_t, kAnchors.entries.size() + 1> next{};
};

constexpr Buckets make_buckets() {
    Buckets out;
    for (std::size_t i = 0; i < kAnchors.size; ++i) {
        const char* const octets = kAnchors.entries[i].octets;
        auto& first = out.first[bucket_of(static_cast<unsigned char>(octets[0]), static_cast<unsigned char>(octets[1]),
                                          static_cast<unsigned char>(octets[2]))];
        out.next[i + 1] = first;
        first = static_cast<std::uint8_t>(i + 1);
    }
    return out;
}

constexpr Buckets kAnchorBuckets = make_buckets();

} // namespace

std::span<const Anchor> anchors() { return {kAnchors.entries.data(), kAnchors.size}; }

const Anchor* anchor_at(std::string_view text) {
    if (text.size() < 3) return nullptr;
    const std::size_t bucket = bucket_of(static_cast<unsigned char>(text[0]), static_cast<unsigned char>(text[1]),
                                         static_cast<unsigned char>(text[2]));
    for (std::size_t i = kAnchorBuckets.first[bucket]; i != 0; i = kAnchorBuckets.next[i]) {
        const Anchor& anchor = kAnchors.entries[i - 1];
        if (anchor.octets[0] == text[0] && anchor.octets[1] == text[1] && anchor.octets[2] == text[2]) return &anchor;
    }
    return nullptr;
}

std::size_t find_anchor_portable(std::string_view text, std::size_t from) {
    for (std::size_t at = from; at + 3 <= text.size(); ++at) {
        if (anchor_at(text.substr(at, 3))) return at;
    }
    return text.size();
}

std::size_t find_anchor(std::string_view text, std::size_t from) {
    static const AnchorKernel kernel = anchor_kernel_avx2() ? anchor_kernel_avx2() : find_anchor_portable;
    return kernel(text, from);
}

} // namespace jwtdomain::scan
