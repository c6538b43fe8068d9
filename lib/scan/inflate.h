// What was compressed by deflate: gzip (RFC 1952) and zlib (RFC 1950).
// Internal: not installed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "jwtdomain/scan/find.h"
#include "jwtdomain/scan/stream.h"

namespace jwtdomain::scan {

// What `text` may begin with, by its first octets. zlib has two that are not unmistakable.
std::optional<Layer> compressed_by(std::string_view text);

// Appends at most `most` octets of what is at the start of `packed` to `out`; as many as can be had, if it is broken or
// breaks off. Gives the octets of `packed` that were used. `ended`: its end was there, with the right checksum.
std::size_t inflate_some(Layer layer, std::string_view packed, std::size_t most, std::string& out,
                         bool* ended = nullptr);

// Looks at the first octets of an input, which stay in it.
std::string peek(Input& input, std::size_t size);
// What is read next.
void put_back(Input& input, std::string octets);

} // namespace jwtdomain::scan
