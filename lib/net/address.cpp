#include "jwtdomain/net/address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>

namespace jwtdomain::net {
namespace {

using Six = std::array<std::uint8_t, 16>;

struct Block4 {
    std::uint32_t first;
    unsigned bits;
};
constexpr std::uint32_t four(unsigned a, unsigned b, unsigned c) { return (a << 24) | (b << 16) | (c << 8); }
constexpr std::array kSpecial4{
    Block4{four(0, 0, 0), 8},      Block4{four(10, 0, 0), 8},     Block4{four(100, 64, 0), 10},
    Block4{four(127, 0, 0), 8},    Block4{four(169, 254, 0), 16}, Block4{four(172, 16, 0), 12},
    Block4{four(192, 0, 0), 24},   Block4{four(192, 0, 2), 24},   Block4{four(192, 88, 99), 24},
    Block4{four(192, 168, 0), 16}, Block4{four(198, 18, 0), 15},  Block4{four(198, 51, 100), 24},
    Block4{four(203, 0, 113), 24}, Block4{four(224, 0, 0), 4},    Block4{four(240, 0, 0), 4},
};

bool is_in(std::uint32_t address, const Block4& block) {
    return (address >> (32 - block.bits)) == (block.first >> (32 - block.bits));
}
bool is_private4(std::uint32_t address) {
    return std::any_of(kSpecial4.begin(), kSpecial4.end(), [&](const Block4& block) { return is_in(address, block); });
}

std::uint32_t four_at(const Six& six, std::size_t at) {
    return (std::uint32_t{six[at]} << 24) | (std::uint32_t{six[at + 1]} << 16) | (std::uint32_t{six[at + 2]} << 8) |
           six[at + 3];
}
bool begins(const Six& six, std::initializer_list<std::uint8_t> octets) {
    return std::equal(octets.begin(), octets.end(), six.begin());
}

// The IPv4 address that it stands for: mapped (RFC 4291 2.5.5.2), translated (RFC 6052 2.1), 6to4 (RFC 3056 2).
std::optional<std::uint32_t> inner(const Six& six) {
    if (begins(six, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff})) return four_at(six, 12);
    if (begins(six, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) return four_at(six, 12);
    if (begins(six, {0x20, 0x02})) return four_at(six, 2);
    return std::nullopt;
}

// Global unicast is 2000::/3 (RFC 4291 2.4), less what is set apart in it.
bool is_private6(const Six& six) {
    if (const auto carried = inner(six)) return is_private4(*carried);
    if ((six[0] & 0xe0) != 0x20) return true;
    return begins(six, {0x20, 0x01, 0x0d, 0xb8}) || (begins(six, {0x20, 0x01}) && six[2] < 2) ||
           (begins(six, {0x3f, 0xff}) && six[2] < 0x10);
}

std::optional<std::uint32_t> as_four(const sockaddr& address) {
    if (address.sa_family != AF_INET) return std::nullopt;
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof in);
    return ntohl(in.sin_addr.s_addr);
}
std::optional<Six> as_six(const sockaddr& address) {
    if (address.sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 in{};
    std::memcpy(&in, &address, sizeof in);
    Six six{};
    std::memcpy(six.data(), &in.sin6_addr, six.size());
    return six;
}

} // namespace

bool is_private(const sockaddr& address) {
    if (const auto v4 = as_four(address)) return is_private4(*v4);
    if (const auto v6 = as_six(address)) return is_private6(*v6);
    return true;
}

bool is_loopback(const sockaddr& address) {
    if (const auto v4 = as_four(address)) return (*v4 >> 24) == 127;
    const auto v6 = as_six(address);
    return v6 && std::all_of(v6->begin(), v6->end() - 1, [](std::uint8_t octet) { return octet == 0; }) &&
           v6->back() == 1;
}

std::string text_of(const sockaddr& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (const auto v4 = as_four(address)) {
        const std::uint32_t octets = htonl(*v4);
        inet_ntop(AF_INET, &octets, text.data(), text.size());
    } else if (const auto v6 = as_six(address)) {
        inet_ntop(AF_INET6, v6->data(), text.data(), text.size());
    }
    return text.data();
}

} // namespace jwtdomain::net
