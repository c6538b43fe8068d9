// Internal: what an escape or a class of a regular expression stands for.
#pragma once

#include <cstddef>
#include <string_view>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/base/result.h"

namespace jwtdomain::accept::regex {

struct OctetClass {
    Automaton::Octets set = {};
    bool negated = false; // it takes characters beyond ASCII too
    bool single = false;  // it is a literal, and may end a range
};

// `at` is the place of the backslash, then behind the escape. `excluding`: it stands in a negated class, so that where
// dialects differ the smaller set is the one that makes the language larger. Faults: invalid, unsupported.
Result<OctetClass> parse_escape(std::string_view expression, std::size_t& at, bool excluding = false);

// `at` is the place of the '[', then behind the ']'. Faults: invalid, unsupported.
Result<OctetClass> parse_class(std::string_view expression, std::size_t& at);

} // namespace jwtdomain::accept::regex
