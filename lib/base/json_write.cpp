#include "jwtdomain/base/json_write.h"

namespace jwtdomain::json {
namespace {

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
