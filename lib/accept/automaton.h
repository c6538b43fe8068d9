// Nondeterministic automata over octets, for patterns: glob, prefix, suffix, contains, and regular expressions.
// Matching takes time linear in the text times the states; nothing here backtracks or makes a deterministic automaton.
#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

#include "jwtdomain/accept/normal.h"
#include "jwtdomain/base/result.h"

namespace jwtdomain::accept {

class Automaton {
public:
    using Octets = std::bitset<256>;
    struct Edge {
        Octets on;
        std::uint32_t to;
    };
    struct State {
        std::vector<Edge> edges;
        std::vector<std::uint32_t> empty; // epsilon moves
        bool accepting = false;
    };

    // Faults: invalid (a regular expression that cannot be read, with the column), unsupported (look-around,
    // back-references, ...: what no automaton can say, or what dialects read differently), limit (too many states).
    static Result<Automaton> of(const Pattern& pattern);

    bool matches(std::string_view text) const;
    const std::vector<State>& states() const { return states_; }
    std::uint32_t start() const { return start_; }

private:
    std::vector<State> states_;
    std::uint32_t start_ = 0;
};

} // namespace jwtdomain::accept
