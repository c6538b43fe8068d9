// Internal: where in a path a rule's finding points.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "jwtdomain/accept/normal.h"

namespace jwtdomain::audit::rules {

// The part of the path that the rule is about, where that has a place of its own.
inline const Location& place_of(std::string_view rule, const accept::Path& path) {
    using Part = std::pair<std::string_view, std::string_view>; // of the rules that begin so
    constexpr std::array kParts{Part{"TYP-03", "dialect"}, Part{"ALG", "algorithms"}, Part{"AUD", "audience"},
                                Part{"CLM", "claims"},     Part{"ISS", "issuer"},     Part{"JWK", "keys"},
                                Part{"LIF", "expiry"},     Part{"PAR", "dialect"},    Part{"TYP", "types"}};
    for (const auto& [prefix, part] : kParts) {
        if (rule.starts_with(prefix)) return path.place_of(part);
    }
    return path.where;
}

} // namespace jwtdomain::audit::rules
