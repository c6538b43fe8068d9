// How reports are written as JSON: two spaces of indentation, ASCII only (so that no control, bidirectional or
// invisible character reaches a terminal), octets that are not UTF-8 replaced, a newline at the end. For .cpp files
// that write JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "jwtdomain/base/json.h"
#include "jwtdomain/base/result.h"

namespace jwtdomain::cli {

inline std::string json_text(const nlohmann::ordered_json& value, int indent = 2) {
    return value.dump(indent, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// A place in a file; empty without one.
inline nlohmann::ordered_json json_place(const Location& where) {
    nlohmann::ordered_json out = nlohmann::ordered_json::object();
    if (where.file.empty()) return out;
    out["file"] = where.file;
    if (where.line) out["line"] = where.line;
    if (where.column) out["column"] = where.column;
    return out;
}

// An object on a line of its own, with its type before the rest: for pipes.
inline std::string json_line(std::string_view type, const nlohmann::ordered_json& row) {
    nlohmann::ordered_json line{{"type", type}};
    line.update(row);
    return json_text(line, -1);
}

// JSON that was read strictly before, as a value; null if it is not JSON.
inline nlohmann::ordered_json json_value(std::string_view text) {
    auto value = nlohmann::ordered_json::parse(text, nullptr, false);
    return value.is_discarded() ? nlohmann::ordered_json() : value;
}

// Of untrusted text: null unless it is strict JSON, of bounded depth.
inline nlohmann::ordered_json strict_json_value(std::string_view text) {
    json::Document document;
    return document.parse(text) ? nlohmann::ordered_json() : json_value(text);
}

} // namespace jwtdomain::cli
