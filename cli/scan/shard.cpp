#include "cli/scan/shard.h"

#include <charconv>

namespace jwtdomain::cli {

Result<Shard> Shard::read(std::string_view word) {
    Shard out;
    const char* const end = word.data() + word.size();
    const auto first = std::from_chars(word.data(), end, out.index);
    if (first.ec == std::errc() && first.ptr != end && *first.ptr == '/') {
        const auto second = std::from_chars(first.ptr + 1, end, out.count);
        if (second.ec == std::errc() && second.ptr == end && out.index < out.count) return out;
    }
    return fail(Fault::usage, "--shard takes a part and how many there are: 0/8 to 7/8");
}

// FNV-1a, whose high bits are the better ones.
bool Shard::has(std::string_view path) const {
    if (count == 0) return true;
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : path) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return (hash >> 32) % count == index;
}

} // namespace jwtdomain::cli
