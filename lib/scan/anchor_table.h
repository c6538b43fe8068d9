// The anchors, derived from the starts of headers when we are compiled, and their places in the tables of the kernels.
// Internal: not installed.
#pragma once

#include <array>
#include <string_view>

#include "jwtdomain/scan/anchor.h"

namespace jwtdomain::scan {

// base64url of '{' and what may follow it: a name of letters, or white space and more of it.
constexpr std::array<std::string_view, 5> kStarts{"eyJ", "eyA", "ewo", "ew0", "ewk"};

constexpr std::string_view kBase64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase32Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

struct AnchorList {
    std::array<Anchor, 80> entries{};
    std::size_t size = 0;

    constexpr void add(const Anchor& anchor) {
        for (std::size_t i = 0; i < size; ++i) {
            if (entries[i].octets[0] == anchor.octets[0] && entries[i].octets[1] == anchor.octets[1] &&
                entries[i].octets[2] == anchor.octets[2])
                return; // of two starts that differ only later
        }
        entries[size++] = anchor;
    }
    constexpr void add(std::string_view octets, Anchoring anchoring, char first = 'e', unsigned known = 0) {
        add({{octets[0], octets[1], octets[2]}, anchoring, first, static_cast<std::uint8_t>(known)});
    }

    // The digits, of `width` bits each, of which every bit is known when the text begins with `start`, at each
    // alignment.
    constexpr void add_encoded(std::string_view start, Anchoring anchoring, std::string_view digits, unsigned width) {
        std::uint32_t bits = 0;
        for (const char c : start) bits = (bits << 8) | static_cast<unsigned char>(c);
        for (unsigned known = 0; known < width; ++known) {
            bool possible = false; // after some number of octets a digit begins there
            for (unsigned octets = 0; octets < width; ++octets)
                possible = possible || (octets * 8 + known) % width == 0;
            if (!possible) continue;
            Anchor anchor{
                .octets = {}, .anchoring = anchoring, .first = start[0], .known = static_cast<std::uint8_t>(known)};
            for (unsigned i = 0; i < 3; ++i)
                anchor.octets[i] = digits[(bits >> (24 - known - (i + 1) * width)) & ((1u << width) - 1)];
            add(anchor);
        }
    }
};

constexpr AnchorList make_anchors() {
    AnchorList list;
    for (const std::string_view start : kStarts) list.add(start, Anchoring::plain);
    for (const std::string_view start : kStarts) list.add_encoded(start, Anchoring::base64, kBase64Digits, 6);
    for (const std::string_view start : {"ZXl", "V5S", "leU"}) // base64 of base64
        list.add_encoded(start, Anchoring::base64, kBase64Digits, 6);
    for (const std::string_view start : kStarts) list.add_encoded(start, Anchoring::base32, kBase32Digits, 5);
    // 'e' is 65, 'y' 79, 'w' 77; a digit that comes next is the same in both cases of letters. Where a line ends, or a
    // wider gap stands, between two of them, the other two are together.
    for (const std::string_view octets :
         {"794", "776", "773", "579", "577", "5 7", "9 4", "7 6", "7 3", "5:7", "79,", "77,"})
        list.add(octets, Anchoring::hex);
    for (const std::string_view octets : {"79\\", "77\\", "79%", "77%"}) list.add(octets, Anchoring::escapes);
    list.add(std::string_view("e\0y", 3), Anchoring::utf16);
    list.add(std::string_view("e\0w", 3), Anchoring::utf16);
    list.add("\x1f\x8b\x08", Anchoring::gzip, '\x1f');
    list.add("H4s", Anchoring::base64, '\x1f'); // base64 of it, which begins with it where it is anything at all
    return list;
}

inline constexpr AnchorList kAnchors = make_anchors();

// In a table, the low four bits of one octet of three select the one anchor that may stand there, so that two shuffles
// and two comparisons look for sixteen anchors. Which octet selects is chosen so that all find a place.
constexpr std::array<unsigned, 5> kSelectors{2, 2, 2, 1, 0};

struct AnchorTables {
    // By table and selector: what the other two octets must be, in their order. What cannot be in a text of any kind
    // stands where there is no anchor.
    std::array<std::array<std::uint8_t, 16>, kSelectors.size()> low{}, high{};
    bool complete = true;
};

constexpr unsigned selector_of(std::size_t table, const Anchor& anchor) {
    return static_cast<unsigned char>(anchor.octets[kSelectors[table]]) & 15u;
}

// Places for all anchors by augmenting paths (Kuhn's matching).
struct AnchorPlaces {
    std::array<std::array<int, 16>, kSelectors.size()> owner{}; // index of the anchor, or -1

    constexpr bool place(std::size_t anchor, std::array<std::array<bool, 16>, kSelectors.size()>& tried) {
        for (std::size_t table = 0; table < kSelectors.size(); ++table) {
            const unsigned slot = selector_of(table, kAnchors.entries[anchor]);
            // A shuffle gives zero for an octet over 127.
            if (static_cast<unsigned char>(kAnchors.entries[anchor].octets[kSelectors[table]]) > 127) continue;
            if (tried[table][slot]) continue;
            tried[table][slot] = true;
            if (owner[table][slot] >= 0 && !place(static_cast<std::size_t>(owner[table][slot]), tried)) continue;
            owner[table][slot] = static_cast<int>(anchor);
            return true;
        }
        return false;
    }
};

constexpr AnchorTables make_tables() {
    AnchorTables tables;
    AnchorPlaces places;
    for (auto& row : places.owner) row.fill(-1);
    for (std::size_t a = 0; a < kAnchors.size; ++a) {
        std::array<std::array<bool, 16>, kSelectors.size()> tried{};
        tables.complete = places.place(a, tried) && tables.complete;
    }
    for (std::size_t table = 0; table < kSelectors.size(); ++table) {
        const unsigned selector = kSelectors[table];
        for (std::size_t slot = 0; slot < 16; ++slot) {
            const int owner = places.owner[table][slot];
            const auto octet = [&](unsigned index) {
                return static_cast<std::uint8_t>(kAnchors.entries[static_cast<std::size_t>(owner)].octets[index]);
            };
            tables.low[table][slot] = owner < 0 ? 0xfe : octet(selector == 0 ? 1 : 0);
            tables.high[table][slot] = owner < 0 ? 0xfd : octet(selector == 2 ? 1 : 2);
        }
    }
    return tables;
}

inline constexpr AnchorTables kAnchorTables = make_tables();
static_assert(kAnchorTables.complete, "an anchor has no place: choose other selectors, or add a table");

} // namespace jwtdomain::scan
