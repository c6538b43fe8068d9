// Nondeterministic automata over octets, for patterns: glob, prefix, suffix, contains, and regular expressions.
// Matching takes time linear in the text times the states; nothing here backtracks or makes a deterministic automaton.
//
// The regular expressions are what RE2, Go, PCRE and Java read alike: literals, escapes of punctuation, \d \w \s \D \W
// \S (ASCII), \n \t \r \f \xHH below 80, '.', classes, groups that capture or not, alternation, * + ? {m} {m,} {m,n}
// and their lazy forms, and ^ and $ at the ends of the expression or of a branch. They search: without anchors an
// expression matches anywhere. Where dialects differ in what they take, the automaton takes what any of them does,
// since a verifier may accept less than its normal form says but never more:
//   - `$` is the end, or before a line terminator that ends the text (RE2 takes none, PCRE "\n", Java "\r\n" and more);
//   - `.` and a negated class take one octet, with the continuation octets (80 to BF) after it: an octet to one
//     dialect, a whole UTF-8 character to another;
//   - a vertical tab is both \s (PCRE, Java) and \S (RE2).
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
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

    static constexpr std::size_t kMaxPattern = 4096; // octets
    static constexpr std::size_t kMaxStates = 4096;
    static constexpr unsigned kMaxRepeat = 1000;

    // Faults: invalid (a regular expression that cannot be read, with the column), unsupported (look-around,
    // back-references, ...: what no automaton can say, or what dialects read differently), limit (too many states).
    // The column, in octets from 1, is in the message and in Error::where, which has no file.
    static Result<Automaton> of(const Pattern& pattern);

    bool matches(std::string_view text) const;
    const std::vector<State>& states() const { return states_; }
    std::uint32_t start() const { return start_; }

private:
    friend class AutomatonBuilder;
    std::vector<State> states_;
    std::uint32_t start_ = 0;
};

// Makes Pattern::automaton of a regular expression, so that matching need not; other patterns have none. Faults: as
// of().
Status compile(Pattern& pattern);

// An expression that matches this text and no other, to be put into a longer one.
std::string quote_regex(std::string_view text);

} // namespace jwtdomain::accept
