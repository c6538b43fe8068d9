#include "jwtdomain/crypto/der.h"

#include <array>
#include <cstddef>

namespace jwtdomain::der {
namespace {

std::uint8_t octet(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }

void append_header(std::string& out, std::uint8_t tag, std::size_t size) {
    out += static_cast<char>(tag);
    if (size < 0x80) {
        out += static_cast<char>(size);
        return;
    }
    std::array<char, sizeof size> digits{};
    std::size_t count = 0;
    for (; size > 0; size >>= 8) digits[count++] = static_cast<char>(size & 0xff);
    out += static_cast<char>(0x80 | count);
    while (count > 0) out += digits[--count];
}

} // namespace

bool Reader::read_any(std::uint8_t& tag, std::string_view& contents) {
    const std::string_view from = rest_;
    rest_ = {};
    if (from.size() < 2 || (octet(from, 0) & 0x1f) == 0x1f) return false;
    tag = octet(from, 0);
    std::size_t size = octet(from, 1);
    std::size_t at = 2;
    if (size >= 0x80) {
        const std::size_t count = size & 0x7f;
        if (count == 0 || count > 4 || from.size() < 2 + count || octet(from, 2) == 0) return false;
        size = 0;
        for (; at < 2 + count; ++at) size = (size << 8) | octet(from, at);
        if (size < 0x80) return false;
    }
    if (from.size() - at < size) return false;
    contents = from.substr(at, size);
    rest_ = from.substr(at + size);
    return true;
}

bool Reader::read(std::uint8_t tag, std::string_view& contents) {
    std::uint8_t found = 0;
    if (!read_any(found, contents)) return false;
    if (found == tag) return true;
    rest_ = {};
    return false;
}

bool Reader::skip() {
    std::uint8_t tag = 0;
    std::string_view contents;
    return read_any(tag, contents);
}

bool Reader::read_whole(std::uint8_t tag, std::string_view& value) {
    const std::string_view from = rest_;
    std::string_view contents;
    if (!read(tag, contents)) return false;
    value = from.substr(0, from.size() - rest_.size());
    return true;
}

bool Reader::read_unsigned(std::string_view& octets) {
    if (!read(kInteger, octets) || octets.empty() || octet(octets, 0) >= 0x80) return false;
    if (octet(octets, 0) == 0) {
        if (octets.size() > 1 && octet(octets, 1) < 0x80) return false;
        octets.remove_prefix(1);
    }
    return true;
}

bool Reader::read_bits(std::string_view& octets) {
    if (!read(kBitString, octets) || octets.empty() || octets[0] != 0) return false;
    octets.remove_prefix(1);
    return true;
}

bool Reader::read_small(unsigned& value) {
    std::string_view octets;
    if (!read_unsigned(octets) || octets.size() > 1) return false;
    value = octets.empty() ? 0 : octet(octets, 0);
    return value < 0x80;
}

void append(std::string& out, std::uint8_t tag, std::string_view contents) {
    append_header(out, tag, contents.size());
    out += contents;
}

void append_unsigned(std::string& out, std::string_view octets) {
    while (!octets.empty() && octets[0] == 0) octets.remove_prefix(1);
    const bool pad = octets.empty() || octet(octets, 0) >= 0x80;
    append_header(out, kInteger, octets.size() + (pad ? 1 : 0));
    if (pad) out += '\0';
    out += octets;
}

void append_bits(std::string& out, std::string_view octets) {
    append_header(out, kBitString, octets.size() + 1);
    out += '\0';
    out += octets;
}

} // namespace jwtdomain::der
