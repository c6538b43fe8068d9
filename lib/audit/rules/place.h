// Internal: where in a path a rule's finding points.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "jwtdomain/accept/normal.h"

namespace jwtdomain::audit::rules {

// The part of the path that the rule is about, where that has a place of its own.
inline const Location& place_of(std::string_view rule, const accept::Path& path) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kParts{{{"TYP-03", "dialect"},
                                                                                   {"ALG", "algorithms"},
                                                                                   {"AUD", "audience"},
                                                                                   {"CLM", "claims"},
                                                                                   {"ISS", "issuer"},
                                                                                   {"JWK", "keys"},
                                                                                   {"LIF", "expiry"},
                                                                                   {"PAR", "dialect"},
                                                                                   {"TYP", "types"}}};
    for (const auto& [prefix, part] : kParts) {
        if (rule.substr(0, prefix.size()) == prefix) return path.place_of(part);
    }
    return path.where;
}

} // namespace jwtdomain::audit::rules
