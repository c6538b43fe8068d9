#include "jwtdomain/base/json_write.h"

#include <array>

namespace jwtdomain::json {
namespace {

// What append_ascii_string() writes as it is.
constexpr auto kPlain = [] {
    std::array<bool, 256> plain{};
    for (unsigned char c = 0x20; c < 0x7f; ++c) plain[c] = c != '"' && c != '\\';
    return plain;
}();

void append_escape(std::string& out, unsigned char c) {
    switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
    }
    constexpr char kDigits[] = "0123456789abcdef";
    out += "\\u00";
    out += kDigits[c >> 4];
    out += kDigits[c & 15];
}

} // namespace

void append_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out += text.substr(from, i - from);
        append_escape(out, c);
        from = i + 1;
    }
    out += text.substr(from);
    out += '"';
}

void append_ascii_string(std::string& out, std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    const auto unit = [&](unsigned u) {
        out += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(u >> shift) & 15];
    };
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && kPlain[static_cast<unsigned char>(text[end])]) ++end;
        out += text.substr(i, end - i);
        i = end;
        if (i == text.size()) break;
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += text[i++];
        } else if (c < 0x80) {
            unit(c);
            ++i;
        } else {
            // The caller's text is UTF-8.
            const unsigned length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
            unsigned point = c & (0xffu >> (length + 1));
            for (unsigned k = 1; k < length && i + k < text.size(); ++k)
                point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
            if (point >= 0x10000) {
                unit(0xd800 + ((point - 0x10000) >> 10));
                unit(0xdc00 + ((point - 0x10000) & 0x3ff));
            } else {
                unit(point);
            }
            i += length;
        }
    }
    out += '"';
}

std::string quote(std::string_view text) {
    std::string out;
    append_string(out, text);
    return out;
}

void ObjectWriter::name(std::string_view text) {
    if (!first_) out_ += ',';
    first_ = false;
    append_string(out_, text);
    out_ += ':';
}

ObjectWriter& ObjectWriter::text(std::string_view name_, std::string_view value) {
    name(name_);
    append_string(out_, value);
    return *this;
}

ObjectWriter& ObjectWriter::number(std::string_view name_, std::int64_t value) {
    name(name_);
    out_ += std::to_string(value);
    return *this;
}

ObjectWriter& ObjectWriter::raw(std::string_view name_, std::string_view json) {
    name(name_);
    out_ += json;
    return *this;
}

} // namespace jwtdomain::json
