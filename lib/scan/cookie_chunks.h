// Values that were too long for one cookie: session.0=..., session.1=..., or the same in the JSON of a HAR file.
// Internal: not installed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace jwtdomain::scan {

class CookieChunks {
public:
    // Of the value that begins at text[at]: nullopt unless its name ends in the number of a chunk.
    static std::optional<CookieChunks> of(std::string_view text, std::size_t at);

    // Where the value of the next chunk begins, if it stands soon after text[end], where the last one ends; 0 if not.
    std::size_t next(std::string_view text, std::size_t end);

private:
    std::string base_; // of the names
    unsigned index_ = 0;
};

} // namespace jwtdomain::scan
