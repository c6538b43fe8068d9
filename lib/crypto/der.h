// The little of DER (X.690) that keys need: a strict reader and a writer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "jwtdomain/base/secret.h"

namespace jwtdomain::der {

constexpr std::uint8_t kInteger = 0x02;
constexpr std::uint8_t kBitString = 0x03;
constexpr std::uint8_t kOctetString = 0x04;
constexpr std::uint8_t kNull = 0x05;
constexpr std::uint8_t kOid = 0x06;
constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kContext0 = 0xa0; // constructed [0]
constexpr std::uint8_t kContext1 = 0xa1;
constexpr std::uint8_t kImplicit1 = 0x81; // primitive [1]

// Reads one value after the other. Once something is wrong, everything that follows fails too. Views point into the
// input.
class Reader {
public:
    explicit Reader(std::string_view octets) : rest_(octets) {}

    bool empty() const { return rest_.empty(); }
    bool next_is(std::uint8_t tag) const { return !rest_.empty() && static_cast<std::uint8_t>(rest_[0]) == tag; }

    // The contents of the next value, which must have that tag; only the shortest form of a length is taken.
    bool read(std::uint8_t tag, std::string_view& contents);
    bool skip(); // the next value, whatever its tag
    // The next value with its header, which must have that tag.
    bool read_whole(std::uint8_t tag, std::string_view& value);
    // A non-negative INTEGER in its shortest form, without leading zeros; zero is empty.
    bool read_unsigned(std::string_view& octets);
    bool read_bits(std::string_view& octets); // a BIT STRING of whole octets
    bool read_small(unsigned& value);         // an INTEGER of 0 to 127

private:
    bool read_any(std::uint8_t& tag, std::string_view& contents);
    std::string_view rest_;
};

// Values are appended. `out` may hold secrets: reserve() first, so that no copy is left behind.
void append(std::string& out, std::uint8_t tag, std::string_view contents);
void append_unsigned(std::string& out, std::string_view octets);
void append_bits(std::string& out, std::string_view octets);

} // namespace jwtdomain::der
