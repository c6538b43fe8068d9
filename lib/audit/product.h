// Internal: the product of automata, searched breadth first for a word that they have in common.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/audit/language.h"
#include "jwtdomain/audit/trie.h"

namespace jwtdomain::audit {

// One language: the union of its automata, without empty moves. A state is worked out when the search first comes to
// it.
class Factor {
public:
    using Edge = accept::Automaton::Edge;
    struct State {
        std::vector<Edge> edges;
        bool accepting = false;
        bool known = false;
    };

    explicit Factor(std::span<const accept::Automaton* const> automata);

    const std::vector<std::uint32_t>& starts() const { return starts_; }
    const State& at(std::uint32_t state);
    std::size_t edges_made() const { return edges_made_; }

private:
    struct Part {
        const accept::Automaton* automaton;
        std::uint32_t first; // the number of its state 0
    };
    const accept::Automaton::State& original(std::uint32_t state, std::uint32_t& first) const;
    std::uint32_t settle(std::uint32_t state);

    std::vector<Part> parts_;
    std::vector<std::uint32_t> starts_;
    std::vector<State> states_;
    std::vector<std::uint32_t> entered_; // per state: the closure in which it was met last
    std::vector<std::uint32_t> slot_;    // per state: where its edge is in the one that is being made
    std::vector<std::uint32_t> settled_; // per state: what settle() gave
    std::uint32_t round_ = 0;
    std::size_t edges_made_ = 0;
};

// What one search may cost. Counts, not seconds, so that an answer is the same on every machine.
struct SearchLimits {
    std::size_t starts = 4096;     // combinations of patterns
    std::size_t states = 100'000;  // of the product
    std::size_t edges = 1'000'000; // of its factors
    std::size_t steps = 4'000'000; // pairs of edges that were laid on each other
};

struct SearchCost {
    std::size_t states = 0, edges = 0, steps = 0;
};

// A word that is in every factor and not in `excluded`: the shortest, and of those the first by letters, digits, other
// printable ASCII, the rest. `some` is well-formed UTF-8; if there are only others, the answer is `unknown`.
CommonWord search_product(std::span<Factor> factors, const Trie& excluded, const SearchLimits& limits = {},
                          SearchCost* cost = nullptr);

} // namespace jwtdomain::audit
