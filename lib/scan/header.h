// The header of a token, as far as finding tokens looks at it: whether it is one at all, and how long what follows must
// be.
// Internal: not installed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "jwtdomain/base/json.h"

namespace jwtdomain::scan {

constexpr std::size_t kMaxHeader = 128u << 10; // characters; x5c of four certificates of 4096-bit keys has 15,000

// The possible lengths of a part, in characters, ascending. None: any length.
struct Lengths {
    std::array<std::uint16_t, 5> sizes{};
    std::uint8_t count = 0;

    bool any() const { return count == 0; }
    bool has(std::size_t size) const;
    std::size_t longest() const { return count == 0 ? 0 : sizes[count - 1u]; }
};

// Of a signature by the name in "alg" (RFC 7518 section 3.1; of RSA those of keys of 1024 to 8192 bits).
Lengths signature_lengths(std::string_view algorithm);

struct HeaderFacts {
    bool encrypted = false;   // has "enc": a JWE
    bool is_unsigned = false; // "alg" is none
    Lengths signature;        // of a JWS
    Lengths vector, tag;      // of a JWE: its initialization vector and authentication tag
};

// Remembers headers by their text: in what is scanned there are few different ones.
class HeaderReader {
public:
    // Could `text`, which may go on, begin a header? False as soon as it is no JSON object.
    bool may_begin(std::string_view text);

    // Of a whole header in base64url; null if it is not that of a token: a JSON object with a string "alg" or "enc".
    // Valid until the next call.
    const HeaderFacts* read(std::string_view text);

    // How many octets were decoded so far: for tests that count work.
    std::uint64_t work() const { return work_; }

private:
    struct Known {
        std::string text;
        bool is_header = false;
        HeaderFacts facts;
    };
    bool look(std::string_view text, HeaderFacts& facts);

    std::array<Known, 64> known_;
    HeaderFacts facts_;
    std::string octets_;
    json::Document document_;
    std::uint64_t work_ = 0;
};

} // namespace jwtdomain::scan
