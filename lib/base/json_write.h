// Writing JSON text member by member, for where a document of values would cost too much: claims, thousands a second.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jwtdomain::json {

// Appends `text` as a JSON string. It must be well-formed UTF-8 (base/escape.h finds what is not).
void append_string(std::string& out, std::string_view text);
// The same in ASCII only, as reports are written: all else, and DEL, as \u escapes.
void append_ascii_string(std::string& out, std::string_view text);
std::string quote(std::string_view text);

// Writes one object: opens it at once, close() ends it. Names are the caller's to keep distinct.
class ObjectWriter {
public:
    explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
    ObjectWriter& text(std::string_view name, std::string_view value);
    ObjectWriter& number(std::string_view name, std::int64_t value);
    ObjectWriter& raw(std::string_view name, std::string_view json); // `json` is a whole JSON text
    void close() { out_ += '}'; }

private:
    void name(std::string_view text);
    std::string& out_;
    bool first_ = true;
};

} // namespace jwtdomain::json
