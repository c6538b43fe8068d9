// Which part of what is named a run reads, so that many can share the work without a word between them: each path
// belongs to one part, by its octets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"

namespace jwtdomain::cli {

struct Shard {
    std::uint32_t index = 0, count = 0; // of 0 parts: all of it

    // "3/8". Faults: usage.
    static Result<Shard> read(std::string_view word);
    bool any() const { return count > 0; }
    bool has(std::string_view path) const;
};

} // namespace jwtdomain::cli
