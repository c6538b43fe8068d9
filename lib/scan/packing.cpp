#include "jwtdomain/scan/packing.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "jwtdomain/scan/inflate.h"

namespace jwtdomain::scan {
namespace {

using namespace std::string_view_literals;

bool starts(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

std::uint64_t little_endian(std::string_view text, std::size_t at, std::size_t count) {
    std::uint64_t out = 0;
    for (std::size_t i = count; i > 0; --i) out = out * 256 + static_cast<unsigned char>(text[at + i - 1]);
    return out;
}

// A block of 512 octets with a checksum over them, which older writers take of signed characters (POSIX pax, "ustar
// Interchange Format").
bool is_tar(std::string_view text) {
    constexpr std::size_t kBlock = 512, kSum = 148, kSumSize = 8;
    if (text.size() < kBlock || text[0] == '\0') return false;
    std::int64_t wanted = 0;
    bool digits = false;
    for (const char c : text.substr(kSum, kSumSize)) {
        if (c == ' ' && !digits) continue;
        if (c < '0' || c > '7') break;
        wanted = wanted * 8 + (c - '0');
        digits = true;
    }
    if (!digits) return false;
    std::int64_t plain = 0, with_sign = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
        const char c = i >= kSum && i < kSum + kSumSize ? ' ' : text[i];
        plain += static_cast<unsigned char>(c);
        with_sign += static_cast<signed char>(c);
    }
    return plain == wanted || with_sign == wanted;
}

// The format of LZMA_Alone has no magic: properties as all writers set them, a dictionary of a usual size, a size
// that is unknown or not absurd, and the first octet of the coder, which is 0.
bool is_lzma(std::string_view text) {
    constexpr std::size_t kHeader = 13;
    if (text.size() < kHeader + 5 || text[0] != '\x5d' || text[kHeader] != '\0') return false;
    const std::uint64_t dictionary = little_endian(text, 1, 4), size = little_endian(text, 5, 8);
    const std::uint64_t rest = dictionary & (dictionary - 1);
    const bool usual = dictionary >= 4096 && (rest == 0 || rest * 2 == (dictionary ^ rest));
    constexpr std::uint64_t kAbsurd = std::uint64_t{1} << 40;
    return usual && (size == ~std::uint64_t{0} || size < kAbsurd);
}

// All of its header are digits.
bool is_cpio(std::string_view text) {
    const bool newer = starts(text, "070701") || starts(text, "070702");
    const std::size_t size = newer ? 110 : 76;
    return (newer || starts(text, "070707")) && text.size() >= size &&
           text.substr(0, size).find_first_not_of(newer ? "0123456789abcdefABCDEF" : "01234567") == std::string::npos;
}

bool is_bzip2(std::string_view text) {
    return starts(text, "BZh") && text.size() >= 10 && text[3] >= '1' && text[3] <= '9' &&
           (text.substr(4, 6) == "1AY&SY" || text.substr(4, 6) == "\x17rE8P\x90");
}

bool is_zstd(std::string_view text) {
    constexpr std::string_view kSkippable = "\x2a\x4d\x18"; // a frame of somebody's own, then a real one
    return starts(text, "\x28\xb5\x2f\xfd") ||
           (text.size() > 8 && (static_cast<unsigned char>(text[0]) & 0xf0) == 0x50 && text.substr(1, 3) == kSkippable);
}

} // namespace

std::optional<Layer> packed_by(std::string_view first) {
    if (first.size() < 4) return std::nullopt;
    switch (first[0]) {
    case 'P':
        if (starts(first, "PK\3\4") || starts(first, "PK\5\6") || starts(first, "PK\7\10PK\3\4") ||
            starts(first, "PK00PK\3\4"))
            return Layer::zip;
        break;
    case '7':
        if (starts(first, "7z\xbc\xaf\x27\x1c")) return Layer::seven_zip;
        break;
    case '\xfd':
        if (starts(first, "\xfd"
                          "7zXZ\0"sv))
            return Layer::xz;
        break;
    case 'B':
        if (is_bzip2(first)) return Layer::bzip2;
        break;
    case 'L':
        if (starts(first, "LZIP\1")) return Layer::lzip;
        break;
    case '\x5d':
        if (is_lzma(first)) return Layer::lzma;
        break;
    case '!':
        if (starts(first, "!<arch>\n")) return Layer::ar;
        break;
    case '0':
        if (is_cpio(first)) return Layer::cpio;
        break;
    default:
        if (is_zstd(first)) return Layer::zstd;
    }
    if (const auto deflated = compressed_by(first)) return deflated;
    if (is_tar(first)) return Layer::tar;
    return std::nullopt;
}

std::string_view unsupported_packing(std::string_view first) {
    if (starts(first, "Rar!\x1a\7")) return "rar";
    if (starts(first, "MSCF\0\0\0\0"sv)) return "cab";
    if (starts(first, "\4\x22\x4d\x18")) return "lz4";
    if (starts(first, "\xce\xb2\xcf\x81")) return "brotli";
    if (starts(first, "\x89LZO\0\r\n\x1a\n"sv)) return "lzop";
    if (starts(first, "\xff\6\0\0sNaPpY"sv)) return "snappy";
    if (starts(first, "xar!\0\x1c"sv)) return "xar";
    if (starts(first, "\xed\xab\xee\xdb")) return "rpm";
    if (first.size() > 7 && starts(first, "bvx") && first[7] == '\0') return "lzfse";
    if (starts(first, "**ACE**") || (first.size() > 14 && first.substr(7, 7) == "**ACE**")) return "ace";
    if (first.size() > 7 && first.substr(2, 3) == "-lh" && first[6] == '-' && first[5] >= '0' && first[5] <= '7')
        return "lha";
    if (first.size() > 3 && starts(first, "\x1f\x9d") && (first[2] & 0x60) == 0) return "compress (.Z)";
    return {};
}

bool is_archive(Layer layer) {
    return layer == Layer::zip || layer == Layer::tar || layer == Layer::seven_zip || layer == Layer::cpio ||
           layer == Layer::ar;
}

std::optional<std::uint64_t> appended_zip(const Input& input) {
    constexpr std::size_t kTail = 1024, kEnd = 22, kEntry = 46; // octets of the records without names and comments
    if (!input.read_at || input.size < kEnd) return std::nullopt;
    std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(kTail, input.size)), '\0');
    const auto got = input.read_at(input.size - text.size(), text.data(), text.size());
    const std::size_t at = text.rfind("PK\5\6");
    if (!got || *got != text.size() || at == std::string::npos || text.size() - at < kEnd) return std::nullopt;
    const std::uint64_t directory = little_endian(text, at + 12, 4), offset = little_endian(text, at + 16, 4);
    const std::uint64_t here = input.size - (text.size() - at);
    if (at + kEnd + little_endian(text, at + 20, 2) != text.size() || directory + offset > here || directory < kEntry)
        return std::nullopt;
    // Places count from where the archive begins, or from the start of the whole.
    text.resize(kEntry);
    const auto entry = input.read_at(here - directory, text.data(), kEntry);
    if (!entry || *entry != kEntry || !starts(text, "PK\1\2")) return std::nullopt;
    const std::uint64_t begin = here - directory - offset + little_endian(text, 42, 4);
    const auto member = begin < here ? input.read_at(begin, text.data(), 4) : Result<std::size_t>(0);
    return member && *member == 4 && starts(text, "PK\3\4") ? std::optional(begin) : std::nullopt;
}

} // namespace jwtdomain::scan
