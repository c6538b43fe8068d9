// What the names in headers and claims mean: the registered ones of IANA that are met in practice, and those of common
// issuers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace jwtdomain {

enum class NameShape : std::uint8_t {
    any,
    time, // NumericDate (RFC 7519 section 2)
};

struct NameInfo {
    std::string_view name;
    std::string_view meaning; // a few words
    std::string_view source;  // RFC, specification or product
    NameShape shape = NameShape::any;
};

std::span<const NameInfo> claim_names();
std::span<const NameInfo> header_names();

// nullptr for a name that is not in the table.
const NameInfo* find_claim_name(std::string_view name);
const NameInfo* find_header_name(std::string_view name); // header parameters, and claims replicated in a header

} // namespace jwtdomain
