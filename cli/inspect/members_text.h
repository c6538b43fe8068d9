// The members of a header or of claims as lines of text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/app/text.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::cli {

struct Row {
    std::string_view name;    // untrusted
    std::string_view meaning; // ours; may be empty
    std::string_view value;   // untrusted
    bool escaped = false;     // the value is safe already
    Tone tone = Tone::faint;  // of the name
};
struct RowWidths {
    std::size_t name, meaning; // 0: there is no such column
    std::size_t indent = 2;
};
// A value that does not fit beside its name goes below it, so that URLs stay in one piece where they can.
void write_row(TextReport& out, const Row& row, const RowWidths& widths);

struct MembersOptions {
    bool header = false; // else claims
    Time now = 0;
};
// `json` is an object.
void write_members(TextReport& out, const std::string& json, const MembersOptions& options);

// Untrusted octets, escaped, at most `limit` characters, in lines.
std::vector<std::string> shown_lines(std::string_view octets, std::size_t limit);

} // namespace jwtdomain::cli
