// Internal: regular expressions as trees, and their reader. accept/automaton.h says which there are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/base/result.h"

namespace jwtdomain::accept::regex {

struct Node {
    enum class Kind : std::uint8_t {
        octet,     // one of `set`
        character, // one of `set`, and the continuation octets after it
        sequence,
        choice,
        repeat,
        begin, // ^
        end,   // $
    };
    Kind kind;
    unsigned column; // in octets, from 1
    Automaton::Octets set = {};
    std::vector<std::uint32_t> children = {}; // of sequence and choice; repeat has one
    unsigned least = 1;                       // of repeat
    std::optional<unsigned> most = 1;
    bool has_begin = false, has_end = false; // an anchor is in it
};

struct Tree {
    std::vector<Node> nodes;
    std::uint32_t root = 0;
};

// Faults: invalid, unsupported, limit; with the column in the message and in Error::where.
Result<Tree> parse(std::string_view expression);

// What was found at an offset into the expression, and why there is no automaton of it.
tl::unexpected<Error> refuse(Fault fault, std::size_t offset, const std::string& what, std::string hint = {});

} // namespace jwtdomain::accept::regex
