// Internal: well-formed UTF-8 as a small automaton (Unicode 15, table 3-7), so that a search over octets knows which of
// its words can be the value of a JSON string.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <vector>

namespace jwtdomain::audit::utf8 {

using Octets = std::bitset<256>;

enum State : std::uint8_t { between, one_left, two_left, after_e0, after_ed, after_f0, three_left, after_f4, broken };
constexpr std::size_t kStates = 9;

struct Move {
    Octets on;
    State to;
};

inline Octets range(unsigned first, unsigned last) {
    Octets out;
    for (unsigned octet = first; octet <= last; ++octet) out.set(octet);
    return out;
}

// The moves out of a state: their octets are disjoint and together all 256.
inline std::span<const Move> moves(State from) {
    static const auto table = [] {
        std::array<std::vector<Move>, kStates> out;
        out[between] = {{range(0x00, 0x7f), between},
                        {range(0xc2, 0xdf), one_left},
                        {range(0xe1, 0xec) | range(0xee, 0xef), two_left},
                        {range(0xe0, 0xe0), after_e0},
                        {range(0xed, 0xed), after_ed},
                        {range(0xf0, 0xf0), after_f0},
                        {range(0xf1, 0xf3), three_left},
                        {range(0xf4, 0xf4), after_f4}};
        out[one_left] = {{range(0x80, 0xbf), between}};
        out[two_left] = {{range(0x80, 0xbf), one_left}};
        out[after_e0] = {{range(0xa0, 0xbf), one_left}};
        out[after_ed] = {{range(0x80, 0x9f), one_left}};
        out[after_f0] = {{range(0x90, 0xbf), two_left}};
        out[three_left] = {{range(0x80, 0xbf), two_left}};
        out[after_f4] = {{range(0x80, 0x8f), two_left}};
        for (std::vector<Move>& row : out) {
            Octets rest = Octets{}.set();
            for (const Move& move : row) rest &= ~move.on;
            row.push_back({rest, broken});
        }
        return out;
    }();
    return table[from];
}

} // namespace jwtdomain::audit::utf8
