#include "jwtdomain/scan/decode.h"

#include <array>

#include "jwtdomain/base/text.h"
#include "jwtdomain/scan/alphabet.h"
#include "jwtdomain/scan/anchor_table.h"
#include "jwtdomain/scan/hex_dump.h"
#include "jwtdomain/scan/repair.h"

namespace jwtdomain::scan {
namespace {

constexpr std::int8_t kNoDigit = -1;
using DigitValues = std::array<std::int8_t, 256>;

constexpr DigitValues values_of(std::string_view digits) {
    DigitValues out{};
    for (auto& value : out) value = kNoDigit;
    for (std::size_t i = 0; i < digits.size(); ++i)
        out[static_cast<unsigned char>(digits[i])] = static_cast<std::int8_t>(i);
    return out;
}

constexpr DigitValues make_base64_values() {
    DigitValues out = values_of(kBase64Digits);
    out['-'] = 62;
    out['_'] = 63;
    return out;
}

constexpr DigitValues kBase64Values = make_base64_values();
constexpr DigitValues kBase32Values = values_of(kBase32Digits);

// Digits of `width` bits, and the line breaks and other joints between them.
Decoding decode_digits(const DigitValues& values, unsigned width, const Anchor& anchor, std::string_view text,
                       std::size_t at, std::size_t most, std::string& out) {
    unsigned bits = static_cast<unsigned char>(anchor.first) >> (8u - anchor.known), count = anchor.known;
    const auto add = [&](std::int8_t value) {
        bits = (bits << width) | static_cast<unsigned>(value);
        count += width;
        if (count < 8) return;
        count -= 8;
        out += static_cast<char>(bits >> count);
        bits &= (1u << count) - 1;
    };
    std::size_t end = at;
    while (out.size() < most) {
        const std::int8_t value = at < text.size() ? values[static_cast<unsigned char>(text[at])] : kNoDigit;
        if (value != kNoDigit) {
            end = ++at;
            add(value);
            continue;
        }
        if (at >= text.size()) return {.end = end, .cut = false, .to_the_end = true};
        if (!begins_piece(text[at], false)) return {.end = end};
        const Piece piece = piece_at(text, at, false);
        if (piece.kind == Piece::Kind::more) return {.end = end, .cut = false, .to_the_end = true};
        const bool escaped = piece.kind == Piece::Kind::character && piece.repair != Repair::standard_alphabet &&
                             piece.repair != Repair::padding &&
                             kBase64Values[static_cast<unsigned char>(piece.character)] >= 0 && width == 6;
        if (escaped) { // %2B: '+', which a piece gives as '-'
            end = at += piece.size;
            add(values[static_cast<unsigned char>(piece.character)]);
            continue;
        }
        if (piece.kind != Piece::Kind::joint) return {.end = end};
        at += piece.size;
    }
    return {.end = end, .cut = true};
}

// From the octet of the first character on it looks the same in both orders, but for characters beyond ASCII: these are
// taken as the order says that the octet before gives.
Decoding decode_utf16(std::string_view text, std::size_t at, std::size_t most, std::string& out) {
    const bool big = at > 0 && text[at - 1] == 0;
    while (out.size() < most) {
        if (at >= text.size()) return {.end = at, .cut = false, .to_the_end = true};
        if (at + 1 == text.size()) { // in the other order the last character ends here
            if (static_cast<unsigned char>(text[at]) >= 0x80 || text[at] == 0)
                return {.end = at, .cut = false, .to_the_end = true};
            out += text[at];
            return {.end = at + 1, .cut = false, .to_the_end = true};
        }
        const auto low = static_cast<unsigned char>(text[at]);
        const auto high = static_cast<unsigned char>(big ? text[at - 1] : text[at + 1]);
        const unsigned code = high * 256u + low;
        if (code == 0 || (code >= 0xd800 && code < 0xe000)) return {.end = at};
        append_utf8(out, code);
        at += 2;
    }
    return {.end = at, .cut = true};
}

} // namespace

Decoding decode(const Anchor& anchor, std::string_view text, std::size_t at, std::size_t most, std::string& out) {
    out.clear();
    switch (anchor.anchoring) {
    case Anchoring::base64: return decode_digits(kBase64Values, 6, anchor, text, at, most, out);
    case Anchoring::base32: return decode_digits(kBase32Values, 5, anchor, text, at, most, out);
    case Anchoring::hex: return decode_hex(text, at, most, out);
    case Anchoring::utf16: return decode_utf16(text, at, most, out);
    case Anchoring::plain:
    case Anchoring::escapes:
    case Anchoring::gzip: break;
    }
    return {.end = at};
}

} // namespace jwtdomain::scan
