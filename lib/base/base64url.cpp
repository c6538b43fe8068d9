#include "jwtdomain/base/base64url.h"

#include <array>
#include <cstdint>

#include "jwtdomain/base/base64url_simd.h"

namespace jwtdomain {
namespace {

constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kBad = 0xff;

// Four tables, one for each position of a character in its group: a group is decoded by or-ing four look-ups,
// and a wrong character leaves the top bit set.
struct Tables {
    std::array<std::array<std::uint32_t, 256>, 4> at{};
    std::array<std::uint8_t, 256> lenient{};
};

constexpr Tables make_tables() {
    Tables t{};
    for (auto& table : t.at) {
        for (auto& entry : table) entry = 0x80000000u;
    }
    for (auto& entry : t.lenient) entry = kBad;
    for (std::uint32_t value = 0; value < 64; ++value) {
        const auto c = static_cast<unsigned char>(kUrl[value]);
        for (std::uint32_t position = 0; position < 4; ++position) t.at[position][c] = value << (18 - 6 * position);
        t.lenient[c] = static_cast<std::uint8_t>(value);
        t.lenient[static_cast<unsigned char>(kStandard[value])] = static_cast<std::uint8_t>(value);
    }
    return t;
}

constexpr Tables kTables = make_tables();

void encode(std::string& out, std::string_view octets, std::string_view alphabet, bool pad) {
    const std::size_t start = out.size();
    out.resize(start + (octets.size() + 2) / 3 * 4);
    char* to = out.data() + start;
    const auto* from = reinterpret_cast<const unsigned char*>(octets.data());
    std::size_t left = octets.size();
    for (; left >= 3; left -= 3, from += 3) {
        const std::uint32_t group = (std::uint32_t{from[0]} << 16) | (std::uint32_t{from[1]} << 8) | from[2];
        *to++ = alphabet[group >> 18];
        *to++ = alphabet[(group >> 12) & 63];
        *to++ = alphabet[(group >> 6) & 63];
        *to++ = alphabet[group & 63];
    }
    if (left > 0) {
        const std::uint32_t group = (std::uint32_t{from[0]} << 16) | (left == 2 ? std::uint32_t{from[1]} << 8 : 0u);
        *to++ = alphabet[group >> 18];
        *to++ = alphabet[(group >> 12) & 63];
        if (left == 2) *to++ = alphabet[(group >> 6) & 63];
        if (pad) {
            *to++ = '=';
            if (left == 1) *to++ = '=';
        }
    }
    out.resize(static_cast<std::size_t>(to - out.data()));
}

Base64Defect diagnose(std::string_view text, std::size_t from, std::size_t* at) {
    for (std::size_t i = from; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (kTables.at[0][c] & 0x80000000u) {
            if (at) *at = i;
            return c == '=' ? Base64Defect::padding : Base64Defect::character;
        }
    }
    return Base64Defect::none;
}

} // namespace

void base64url_append(std::string& out, std::string_view octets) { encode(out, octets, kUrl, false); }

std::string base64url_encode(std::string_view octets) {
    std::string out;
    encode(out, octets, kUrl, false);
    return out;
}

std::string base64_encode(std::string_view octets) {
    std::string out;
    encode(out, octets, kStandard, true);
    return out;
}

Base64Defect base64url_decode(std::string_view text, std::string& out, std::size_t* at) {
    const std::size_t tail = text.size() % 4;
    const std::size_t groups = text.size() / 4;
    const std::size_t size = groups * 3 + (tail == 0 ? 0 : tail - 1);
    out.resize(size);
    const auto* from = reinterpret_cast<const unsigned char*>(text.data());
    char* to = out.data();
    std::uint32_t wrong = 0;
    std::size_t done = 0;
    if (const Base64Kernel kernel = base64url_kernel()) {
        done = kernel(from, text.size(), to, size) / 4;
        from += done * 4;
        to += done * 3;
    }
    for (std::size_t i = done; i < groups; ++i, from += 4, to += 3) {
        const std::uint32_t group =
            kTables.at[0][from[0]] | kTables.at[1][from[1]] | kTables.at[2][from[2]] | kTables.at[3][from[3]];
        wrong |= group;
        to[0] = static_cast<char>(group >> 16);
        to[1] = static_cast<char>(group >> 8);
        to[2] = static_cast<char>(group);
    }
    std::uint32_t last = 0;
    if (tail > 0) {
        last = kTables.at[0][from[0]];
        if (tail > 1) last |= kTables.at[1][from[1]];
        if (tail > 2) last |= kTables.at[2][from[2]];
        wrong |= last;
    }
    if (wrong & 0x80000000u) return diagnose(text, 0, at);
    if (tail == 1) {
        if (at) *at = text.size() - 1;
        return Base64Defect::length;
    }
    if (tail > 0) {
        const std::uint32_t unused = tail == 2 ? 0xffffu : 0xffu;
        if (last & unused) {
            if (at) *at = text.size() - 1;
            return Base64Defect::trailing_bits;
        }
        to[0] = static_cast<char>(last >> 16);
        if (tail == 3) to[1] = static_cast<char>(last >> 8);
    }
    return Base64Defect::none;
}

bool base64_decode_lenient(std::string_view text, std::string& out) {
    out.clear();
    out.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t group = 0;
    unsigned count = 0;
    bool ended = false;
    for (const char c : text) {
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
        if (c == '=') {
            ended = true;
            continue;
        }
        const std::uint8_t value = kTables.lenient[static_cast<unsigned char>(c)];
        if (value == kBad || ended) return false;
        group = (group << 6) | value;
        if (++count == 4) {
            out += static_cast<char>(group >> 16);
            out += static_cast<char>(group >> 8);
            out += static_cast<char>(group);
            group = 0;
            count = 0;
        }
    }
    if (count == 1) return false;
    if (count >= 2) out += static_cast<char>(group >> (count == 2 ? 4 : 10));
    if (count == 3) out += static_cast<char>(group >> 2);
    return true;
}

} // namespace jwtdomain
