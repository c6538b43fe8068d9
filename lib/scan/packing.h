// What a content is packed in, by its first octets: names and extensions say nothing.
// Internal: not installed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "jwtdomain/scan/find.h"
#include "jwtdomain/scan/stream.h"

namespace jwtdomain::scan {

constexpr std::size_t kSniffed = 512; // octets that are enough

std::optional<Layer> packed_by(std::string_view first);

// The name of what it is packed in, where that is known and cannot be unpacked; else empty.
std::string_view unsupported_packing(std::string_view first);

// Does it have members with names of their own?
bool is_archive(Layer layer);

// Where a zip begins that stands behind something else, as behind a program or a picture (APPNOTE.TXT 4.3.16): its
// place in `input`, which has its size. Nothing if there is none, or it cannot be told.
std::optional<std::uint64_t> appended_zip(const Input& input);

} // namespace jwtdomain::scan
